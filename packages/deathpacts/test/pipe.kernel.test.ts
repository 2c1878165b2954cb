import { spawn } from 'node:child_process';
import type { StdioOptions } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, fstatSync, openSync, writeSync } from 'node:fs';
import type { Socket } from 'node:net';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

import { isOpen, pipe } from '@osx/fds';
import { openPidfd } from '@osx/linux/pidfd';
import { expectNoNewFds, needs, openFds, runFixture, spawnFixture } from '@osx/test-support';
import { describe, expect, test } from 'vitest';

import { createDeathpactPipe, PipeDeathpact } from '@osx/deathpacts';

const child = new URL('fixtures/child.ts', import.meta.url);
const strays = new URL('fixtures/strays.ts', import.meta.url);

describe('the read end', () => {
  test('lives while there is a writer, whatever is written, and is the pact’s to close', () => {
    const { readEnd, writeEnd } = pipe();
    const fd = readEnd.release();
    const pact = new PipeDeathpact({ fd, watch: false });
    expect(pact.shouldDie()).toBe(false);
    for (const text of ['x', 'y'.repeat(60_000)]) {
      writeSync(writeEnd.number, text);
      expect(pact.shouldDie()).toBe(false);
    }
    writeEnd.close();
    expect([pact.shouldDie(), pact.reason()]).toEqual([true, `the pipe on descriptor ${fd} has no writer any more`]);
    pact.close();
    pact.close();
    expect([pact.shouldDie(), pact.isClosed, isOpen(fd)]).toEqual([false, true, false]);
  });

  test.each(['/dev/null', import.meta.filename, import.meta.dirname])('is no pipe: %s', (path) => {
    const fd = openSync(path, 'r');
    expect(() => new PipeDeathpact({ fd })).toThrow(expect.objectContaining({ code: 'EINVAL', name: 'SystemError' }));
    fstatSync(fd);
    closeSync(fd);
  });

  test('is the write end: refused', () => {
    const { readEnd, writeEnd } = pipe();
    expect(() => new PipeDeathpact({ fd: writeEnd.release() })).toThrow(expect.objectContaining({ code: 'EBADF' }));
    readEnd.close();
  });

  test('nobody polls it: no timer, and no thread', async () => {
    const { readEnd, writeEnd } = pipe();
    const stdio = ['ignore', 'pipe', 'inherit', readEnd.number] as const;
    await using one = await spawnFixture(child, ['PipeDeathpact', '{"fd":3}'], { stdio: [...stdio] });
    readEnd.close();
    expect(await one.nextLine()).toBe('[false,[]]');
    writeEnd.close();
    expect(await one.exited).toEqual({ code: null, signal: 'SIGTERM' });
  });

  test('leaves a process that has nothing else to do its end, and by ref() its life', async () => {
    const { readEnd, writeEnd } = pipe();
    const stdio = ['ignore', 'pipe', 'inherit', readEnd.number] as const;
    await using idle = await spawnFixture(child, ['PipeDeathpact', '{"fd":3}', 'idle'], { stdio: [...stdio] });
    expect(await idle.exited).toEqual({ code: 0, signal: null });
    await using kept = await spawnFixture(child, ['PipeDeathpact', '{"fd":3}', 'ref'], { stdio: [...stdio] });
    readEnd.close();
    writeEnd.close();
    expect(await kept.exited).toEqual({ code: null, signal: 'SIGTERM' });
  });

  test('is a socket: a ‘pipe’ in the stdio of node:child_process is parent’s side enough', async () => {
    const stdio: StdioOptions = ['ignore', 'pipe', 'inherit', 'pipe'];
    const one = spawn(process.execPath, [child.pathname, 'PipeDeathpact', '{"fd":3,"signal":"SIGKILL"}'], { stdio });
    const ended = once(one, 'exit');
    await once(createInterface({ input: one.stdout as Readable }), 'line');
    (one.stdio[3] as unknown as Socket).destroy();
    expect(await ended).toEqual([null, 'SIGKILL']);
  });
});

describe('the write end', () => {
  test('is closed by close(), and once', () => {
    const before = openFds();
    const ends = createDeathpactPipe();
    const pact = new PipeDeathpact({ fd: openSync(`/proc/self/fd/${ends.readEnd}`, 'r'), watch: false });
    expect([ends.isClosed, pact.shouldDie()]).toEqual([false, false]);
    ends.close();
    ends[Symbol.dispose]();
    expect([ends.isClosed, pact.shouldDie()]).toEqual([true, true]);
    expect(() => ends.readEnd).toThrow(expect.objectContaining({ code: 'EBADF' }));
    pact.close();
    expectNoNewFds(before);
  });

  const { test: linux } = needs('linux');
  interface Family {
    readonly line: string;
    readonly kid: number;
    readonly others: number[];
    readonly holders: number[];
  }

  linux('does not stray: children that live on do not keep the one with the pact alive', async () => {
    await using parent = await spawnFixture(strays, ['kept']);
    const { line, kid, others, holders } = JSON.parse(await parent.nextLine()) as Family;
    using pidfd = openPidfd(kid);
    using rest = orphans(others);
    expect([line, holders]).toEqual(['ready', []]);
    parent.kill();
    await pidfd.waitForExit({ timeoutMs: 20_000 });
    expect(rest.areAlive()).toBe(true);
  });

  linux('strayed: whoever has a copy keeps the pact alive, and its end is the end', async () => {
    await using parent = await spawnFixture(strays, ['strayed']);
    const { kid, others, holders } = JSON.parse(await parent.nextLine()) as Family;
    using pidfd = openPidfd(kid);
    using rest = orphans(others);
    expect(holders).toEqual([others[0]]);
    parent.kill();
    await expect(pidfd.waitForExit({ timeoutMs: 500 })).rejects.toMatchObject({ code: 'ETIMEDOUT' });
    rest.end(0);
    await pidfd.waitForExit({ timeoutMs: 20_000 });
  });
});

test('at its end already: the program never gets further than the constructor', async () => {
  const { readEnd, writeEnd } = pipe();
  writeEnd.close();
  const input = spawn(process.execPath, [child.pathname, 'PipeDeathpact', '{"fd":3}'], {
    stdio: ['ignore', 'pipe', 'inherit', readEnd.number],
  });
  const printed: Buffer[] = [];
  input.stdout?.on('data', (data: Buffer) => printed.push(data));
  expect(await once(input, 'close')).toEqual([null, 'SIGTERM']);
  expect(Buffer.concat(printed).toString()).toBe('');
  readEnd.close();
});

test('standard input is a pipe, too', async () => {
  expect(await runFixture(child, ['PipeDeathpact', '{"fd":0}'])).toMatchObject({ signal: 'SIGTERM' });
});

/** Processes that nobody waits for, ended with the test. */
function orphans(pids: readonly number[]) {
  const pidfds = pids.map((pid) => openPidfd(pid));
  const end = (index: number): void => pidfds[index]?.sendSignal('SIGKILL');
  return {
    areAlive: () => pidfds.every((pidfd) => pidfd.isAlive()),
    end,
    [Symbol.dispose]() {
      for (const pidfd of pidfds) {
        if (pidfd.isAlive()) pidfd.sendSignal('SIGKILL');
        pidfd.close();
      }
    },
  };
}
