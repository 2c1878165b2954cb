import { fork, spawn } from 'node:child_process';
import type { ChildProcess, StdioOptions } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readdirSync, readFileSync, watch } from 'node:fs';
import { createServer } from 'node:net';

import { describe, expect, test } from 'vitest';

import { addForkHook } from '@osx/forkhooks';
import { expectNoNewFds, openFds, threadCount } from '@osx/test-support';

/** What this process has itself inherited, and hands on, hooks or not: a shell or a test runner may have left it open. */
function inherited(): number[] {
  return [...openFds().keys()].filter((fd) => {
    const [, flags = '0'] = /^flags:\s*(\d+)/m.exec(readFileSync(`/proc/self/fdinfo/${fd}`, 'latin1')) ?? [];
    return fd > 3 && (Number.parseInt(flags, 8) & 0o2000000) === 0;
  });
}

/** What a program that opens nothing has open, looked at from here. */
async function descriptorsOf(child: ChildProcess): Promise<number[]> {
  // `cat` has been executed once it answers.
  child.stdin?.write('x');
  await once(child.stdout as NodeJS.ReadableStream, 'data');
  return readdirSync(`/proc/${child.pid}/fd`)
    .map(Number)
    .sort((one, other) => one - other);
}

describe("a child's descriptors are exactly those that it is given, whatever this process holds", () => {
  test.each<[string, StdioOptions, number[]]>([
    ['0, 1, 2', ['pipe', 'pipe', 'pipe'], [0, 1, 2]],
    ['0, 1, 2 and ipc', ['pipe', 'pipe', 'pipe', 'ipc'], [0, 1, 2, 3]],
  ])('%s', async (_what, stdio, wish) => {
    const given = [...wish, ...inherited()];
    const files = [openSync('/dev/null', 'r'), openSync('/proc/self/stat', 'r')];
    const server = createServer().listen(0, '127.0.0.1');
    const watcher = watch('/tmp', { persistent: false });
    await once(server, 'listening');
    const other = spawn('cat', [], { stdio });
    using _hook = addForkHook({
      key: 'a',
      beforeFork: () => openSync('/dev/null', 'r'),
      afterForkInParent: (_event, { data }) => closeSync(data as number),
      afterForkInChild: () => {},
    });
    const child = spawn('cat', [], { stdio });
    try {
      expect(await descriptorsOf(child)).toEqual(given);
    } finally {
      for (const one of [child, other]) {
        const closed = once(one, 'close');
        one.kill('SIGKILL');
        await closed;
      }
      for (const file of files) closeSync(file);
      server.close();
      watcher.close();
    }
  });

  test('a Node child has with hooks as many as without', async () => {
    const count = async (): Promise<number> => {
      const code = 'process.send(process.getBuiltinModule("fs").readdirSync("/proc/self/fd").length)';
      const child = fork('-', { execArgv: ['-e', code], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
      const [seen] = (await once(child, 'message')) as [number];
      child.disconnect();
      await once(child, 'exit');
      return seen;
    };
    const without = await count();
    using _hook = addForkHook({ key: 'a', afterForkInChild: () => {} });
    expect(await count()).toBe(without);
  });
});

test('a hundred starts, failures included, leave no descriptor and no thread', async () => {
  const round = async (): Promise<void> => {
    using _hook = addForkHook({ key: 'a', beforeFork: () => {}, afterForkInChild: () => {} });
    await Promise.all(
      Array.from({ length: 50 }, async (_, index) => {
        const child = spawn(index % 2 === 0 ? 'true' : '/nonexistent', { stdio: ['ignore', 'pipe', 'ignore'] });
        child.on('error', () => {});
        await new Promise((resolve) => child.once('close', resolve));
      }),
    );
  };
  await round();
  const [fds, threads] = [openFds(), threadCount()];
  await round();
  expectNoNewFds(fds);
  expect(threadCount()).toBe(threads);
});
