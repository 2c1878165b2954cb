import type * as everything from 'node:child_process';
import { ChildProcess, exec, execFile, execFileSync, execSync, fork, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { promisify } from 'node:util';
import { Worker, threadId } from 'node:worker_threads';

import { afterEach, describe, expect, test } from 'vitest';

import { addForkHook, removeForkHook } from '@osx/forkhooks';
import type { ForkEvent, ForkOutcome } from '@osx/forkhooks';
import { runFixture } from '@osx/test-support';

/** The class as it is: its `spawn` is not in Node's documentation. */
interface SpawningChild extends ChildProcess {
  spawn: (this: SpawningChild, options: object) => number;
}
const NodeChild = ChildProcess as unknown as { new (): SpawningChild; prototype: SpawningChild };
const require = createRequire(import.meta.url);
// Taken before any hook, as most programs do.
const early = { ...(require('node:child_process') as typeof everything) };
const binding = (process as unknown as { binding(name: string): { spawn: unknown } }).binding('spawn_sync');
const workerThreads = require('node:worker_threads') as typeof import('node:worker_threads');
const ofNode = {
  spawn: NodeChild.prototype.spawn,
  sync: Object.getOwnPropertyDescriptor(binding, 'spawn'),
  worker: Object.getOwnPropertyDescriptor(workerThreads, 'Worker'),
  namedWorker: Worker,
};

afterEach(() => {
  removeForkHook('watch');
  // Undone after the last hook: the very functions of Node's.
  expect(NodeChild.prototype.spawn).toBe(ofNode.spawn);
  expect(Object.getOwnPropertyDescriptor(binding, 'spawn')).toEqual(ofNode.sync);
  expect(Object.getOwnPropertyDescriptor(workerThreads, 'Worker')).toEqual(ofNode.worker);
  expect(Worker).toBe(ofNode.namedWorker);
});

interface Seen {
  readonly event: ForkEvent;
  readonly outcome: ForkOutcome;
}

function watch(): Seen[] {
  const seen: Seen[] = [];
  addForkHook({ key: 'watch', afterForkInParent: (event, outcome) => void seen.push({ event, outcome }) });
  return seen;
}

const text = { encoding: 'utf8' } as const;

describe.each([
  ['named ESM imports', { exec, execFile, execFileSync, execSync, fork, spawn, spawnSync }],
  ['functions taken by require before the first hook', early],
  ['functions of the module', require('node:child_process') as typeof everything],
])('one event each through %s', (_how, functions) => {
  test('spawn', async () => {
    const seen = watch();
    const child = functions.spawn('sh', ['-c', 'exit 3']);
    expect(await once(child, 'exit')).toEqual([3, null]);
    expect(seen).toHaveLength(1);
    expect(seen[0]?.event).toMatchObject({ kind: 'spawn', command: 'sh', args: ['-c', 'exit 3'] });
    expect(seen[0]?.outcome).toMatchObject({ pid: child.pid, unwound: false });
    expect(seen[0]?.outcome.child).toBe(child);
  });

  test('exec, which calls execFile, which calls spawn', async () => {
    const seen = watch();
    const { stdout } = await promisify(functions.exec)('echo a | cat');
    expect(stdout).toBe('a\n');
    expect(seen.map(({ event }) => [event.kind, event.command, event.args])).toEqual([
      ['exec', '/bin/sh', ['-c', 'echo a | cat']],
    ]);
  });

  test('execFile', async () => {
    const seen = watch();
    expect((await promisify(functions.execFile)('echo', ['a'])).stdout).toBe('a\n');
    expect(seen.map(({ event }) => [event.kind, event.command, event.args])).toEqual([['execFile', 'echo', ['a']]]);
  });

  test('fork', async () => {
    const seen = watch();
    const child = functions.fork('--version', { stdio: ['ignore', 'ignore', 'ignore', 'ipc'], execArgv: [] });
    await once(child, 'exit');
    expect(seen.map(({ event }) => [event.kind, event.command, event.args])).toEqual([
      ['fork', process.execPath, ['--version']],
    ]);
  });

  test('spawnSync, execSync, execFileSync', () => {
    const seen = watch();
    expect(functions.spawnSync('echo', ['a'], text).stdout).toBe('a\n');
    expect(functions.execSync('echo b', text)).toBe('b\n');
    expect(functions.execFileSync('echo', ['c'], text)).toBe('c\n');
    expect(() => functions.execSync('exit 5', { stdio: 'ignore' })).toThrow(expect.objectContaining({ status: 5 }));
    expect(seen.map(({ event, outcome }) => [event.kind, event.command, event.args, outcome.error])).toEqual([
      ['spawnSync', 'echo', ['a'], undefined],
      ['execSync', '/bin/sh', ['-c', 'echo b'], undefined],
      ['execFileSync', 'echo', ['c'], undefined],
      ['execSync', '/bin/sh', ['-c', 'exit 5'], undefined],
    ]);
    expect(seen.every(({ outcome }) => typeof outcome.pid === 'number' && !('child' in outcome))).toBe(true);
  });
});

test('cluster.fork: one event, of its own kind', async () => {
  const { stdout, stderr, code } = await runFixture(new URL('./fixtures/cluster.ts', import.meta.url));
  expect([stdout, stderr, code]).toEqual(['cluster\nworker: marked cluster\n', '', 0]);
});

describe('new Worker', () => {
  test('through a named import taken before, and through the module', async () => {
    const seen = watch();
    const file = new URL('./fixtures/echo-worker.ts', import.meta.url);
    const worker = new Worker(file, { argv: ['x'], workerData: 7 });
    expect(worker).toBeInstanceOf(ofNode.namedWorker);
    expect(worker).toBeInstanceOf(Worker);
    expect((await once(worker, 'message'))[0]).toMatchObject({ argv: ['x'], workerData: 7 });
    await once(new workerThreads.Worker('1', { eval: true }), 'exit');
    expect(seen.map(({ event }) => [event.kind, event.command, event.args])).toEqual([
      ['worker', file.pathname, ['x']],
      ['worker', '1', []],
    ]);
    expect(seen[0]?.outcome).toMatchObject({ unwound: false });
    expect(seen[0]?.outcome.child).toBe(worker);
    expect(seen[0]?.outcome.pid).toBe(undefined);
  });

  test('in a class that extends it, made while there are hooks', async () => {
    const seen = watch();
    class Named extends Worker {
      readonly label = 'mine';
    }
    const worker = new Named('1', { eval: true });
    expect([worker.label, worker instanceof Named, seen.length]).toEqual(['mine', true, 1]);
    await once(worker, 'exit');
  });

  test('known limit: the class itself, taken by require before the first hook, is not covered', async () => {
    const { Worker: earlyWorker } = { Worker: ofNode.namedWorker };
    const seen = watch();
    await once(new earlyWorker('1', { eval: true }), 'exit');
    expect(seen).toEqual([]);
  });

  test('what Node refuses, it refuses as without hooks; the hooks are told', () => {
    const error = thrownBy(() => new Worker('relative.js'));
    const seen = watch();
    expect(thrownBy(() => new Worker('relative.js'))).toMatchObject({ code: (error as { code: string }).code });
    expect(seen.map(({ outcome }) => [outcome.unwound, (outcome.error as { code: string }).code])).toEqual([
      [false, 'ERR_WORKER_PATH'],
    ]);
    expect(() => new Worker('1', null as never)).toThrow(TypeError);
  });

  test('a hook that throws: no Worker', () => {
    addForkHook({
      key: 'watch',
      beforeFork() {
        throw new Error('no');
      },
    });
    expect(() => new Worker('1', { eval: true })).toThrow('no');
  });

  test('hooks of a Worker are its own', async () => {
    const seen = watch();
    const worker = new Worker(new URL('./fixtures/hooking-worker.ts', import.meta.url));
    expect((await once(worker, 'message'))[0]).toEqual(['before true', 'after true']);
    expect(seen.map(({ event }) => event.kind)).toEqual(['worker']);
    expect(threadId).toBe(0);
  });
});

describe('a start that fails', () => {
  test('ENOENT: afterForkInParent gets the error, the caller what Node says', async () => {
    const seen = watch();
    const child = spawn('/nonexistent/program', ['a']);
    expect(seen[0]?.outcome.error).toMatchObject({ code: 'ENOENT', syscall: 'spawn', path: '/nonexistent/program' });
    expect(seen[0]?.outcome).toMatchObject({ unwound: false });
    expect('pid' in (seen[0]?.outcome ?? {})).toBe(false);
    const [error] = (await once(child, 'error').catch((reason: unknown) => [reason])) as [Error];
    expect(error).toMatchObject({ code: 'ENOENT', syscall: 'spawn /nonexistent/program', spawnargs: ['a'] });
    expect(spawnSync('/nonexistent/program').error).toMatchObject({ code: 'ENOENT' });
    expect(seen[1]?.outcome.error).toMatchObject({ code: 'ENOENT', syscall: 'spawnSync' });
  });

  test('E2BIG, which Node throws, and so do we', () => {
    const seen = watch();
    expect(() => spawn('true', ['x'.repeat(200_000)])).toThrow(expect.objectContaining({ code: 'E2BIG' }));
    expect(seen.map(({ outcome }) => [outcome.unwound, (outcome.error as { code: string }).code])).toEqual([
      [false, 'E2BIG'],
    ]);
  });

  test('what Node refuses before it would start anything is no event', () => {
    const seen = watch();
    expect(() => spawn('')).toThrow('empty');
    expect(() => spawnSync('a\0b')).toThrow('null bytes');
    expect(() => new NodeChild().spawn({ file: 1 })).toThrow('options.file');
    expect(seen).toEqual([]);
  });

  test('a Sync child that ran and was ended by its timeout was a child', () => {
    const seen = watch();
    expect(spawnSync('sleep', ['10'], { timeout: 50 }).error).toMatchObject({ code: 'ETIMEDOUT' });
    expect(seen[0]?.outcome.error).toBe(undefined);
    expect(seen[0]?.outcome.pid).toBeGreaterThan(0);
  });
});

describe('other people who replace the same functions', () => {
  test('who came after us and stays: ours does nothing below, and works again on top', () => {
    const spawnMethod = NodeChild.prototype.spawn;
    const log: string[] = [];
    const hook = addForkHook({ key: 'a', beforeFork: () => void log.push('hook') });
    const { prototype } = NodeChild;
    const ours = prototype.spawn;
    const theirs = function (this: SpawningChild, options: object): number {
      log.push('theirs');
      return ours.call(this, options);
    };
    prototype.spawn = theirs;
    try {
      hook.close();
      expect(prototype.spawn).toBe(theirs);
      spawn('true');
      expect(log.splice(0)).toEqual(['theirs']);
      const again = addForkHook({ key: 'a', beforeFork: () => void log.push('hook') });
      spawn('true');
      expect(log.splice(0)).toEqual(['hook', 'theirs']);
      again.close();
      expect(prototype.spawn).toBe(theirs);
    } finally {
      prototype.spawn = spawnMethod;
    }
  });

  test('ChildProcess.prototype.spawn called by hand', async () => {
    const seen = watch();
    const child = new NodeChild();
    child.spawn({ file: 'true', args: ['true'], stdio: 'ignore' });
    expect(await once(child, 'exit')).toEqual([0, null]);
    expect(seen[0]?.event).toMatchObject({ kind: 'spawn', command: 'true', args: [] });
    expect(seen[0]?.event.env).toMatchObject({ PATH: process.env['PATH'] });
  });
});

test.each([['--pending-deprecation'], ['--throw-deprecation', '--pending-deprecation']])(
  'no deprecation warning on our account with %s',
  async (...nodeArgs) => {
    const fixture = new URL('./fixtures/throwing-after.ts', import.meta.url);
    const { stderr, code } = await runFixture(fixture, [], { nodeArgs });
    expect([stderr, code]).toEqual(['', 0]);
  },
);

test('with --permission Node keeps its Sync functions to itself: refused, and nothing replaced', async () => {
  const fixture = new URL('./fixtures/permission.ts', import.meta.url);
  const nodeArgs = ['--permission', '--allow-child-process', '--allow-fs-read=*'];
  const { stdout, code } = await runFixture(fixture, [], { nodeArgs, allowNodeWarnings: true });
  expect([stdout, code]).toEqual(['ENOTSUP false true\n', 0]);
});

test('where one of the functions cannot be replaced, none is', async () => {
  const { stdout, code } = await runFixture(new URL('./fixtures/frozen.ts', import.meta.url));
  expect([stdout, code]).toEqual(['TypeError false true\n', 0]);
});

function thrownBy(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}
