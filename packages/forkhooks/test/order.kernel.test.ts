import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

import { describe, expect, test } from 'vitest';

import { addForkHook, hasForkHook, removeForkHook } from '@osx/forkhooks';
import { runFixture } from '@osx/test-support';

/** Adds a hook that writes down when it runs. */
function traced(log: string[], key: string, priority?: number) {
  return addForkHook({
    key,
    priority,
    beforeFork: () => void log.push(`before ${key}`),
    afterForkInParent: (_event, { unwound, error }) =>
      void log.push(`after ${key}${unwound ? ` unwound ${String(error)}` : ''}`),
  });
}

function run(): void {
  expect(spawnSync('true').status).toBe(0);
}

describe('order', () => {
  test('before in reverse order of addition, after in order', () => {
    const log: string[] = [];
    using _a = traced(log, 'a');
    using _b = traced(log, 'b');
    using _c = traced(log, 'c');
    run();
    expect(log).toEqual(['before c', 'before b', 'before a', 'after a', 'after b', 'after c']);
  });

  test('higher priorities are further out; equal ones keep the order of addition', () => {
    const log: string[] = [];
    using _a = traced(log, 'a 0');
    using _b = traced(log, 'b 5', 5);
    using _c = traced(log, 'c -1.5', -1.5);
    using _d = traced(log, 'd 5', 5);
    using _e = traced(log, 'e 0', 0);
    run();
    expect(log.slice(0, 5)).toEqual(['before d 5', 'before b 5', 'before e 0', 'before a 0', 'before c -1.5']);
    expect(log.slice(5)).toEqual(['after c -1.5', 'after a 0', 'after e 0', 'after b 5', 'after d 5']);
  });

  test('what beforeFork returns is handed to its own after', () => {
    const seen: unknown[] = [];
    const object = {};
    using _a = addForkHook({
      key: 'a',
      beforeFork: () => object,
      afterForkInParent: (_event, { data }) => void seen.push(data),
    });
    using _b = addForkHook({ key: 'b', afterForkInParent: (_event, { data }) => void seen.push(data) });
    run();
    expect(seen[0]).toBe(object);
    expect(seen[1]).toBe(undefined);
  });
});

describe('a hook that throws before', () => {
  test('there is no child, those that had run are unwound, the caller gets the error', async () => {
    const log: string[] = [];
    const boom = new Error('boom');
    using _a = traced(log, 'a');
    using _thrower = addForkHook({
      key: 'thrower',
      beforeFork() {
        throw boom;
      },
      afterForkInParent: () => void log.push('after thrower'),
    });
    using _onlyAfter = addForkHook({ key: 'only after', afterForkInParent: () => void log.push('only after') });
    using _b = traced(log, 'b');
    using _c = traced(log, 'c');
    expect(() => spawnSync('sh', ['-c', 'echo ran >&2'], { stdio: 'inherit' })).toThrow(boom);
    expect(() => spawn('true')).toThrow(boom);
    const unwinding = ['before c', 'before b', 'after b unwound Error: boom', 'after c unwound Error: boom'];
    expect(log).toEqual([...unwinding, ...unwinding]);
    await new Promise((resolve) => setImmediate(resolve));
  });

  test('the next start is as if nothing had been', async () => {
    const log: string[] = [];
    using _a = traced(log, 'a');
    let isFirst = true;
    using _thrower = addForkHook({
      key: 'thrower',
      beforeFork() {
        if (isFirst) throw new Error('once');
      },
    });
    expect(() => spawn('true')).toThrow('once');
    isFirst = false;
    expect(await once(spawn('true'), 'exit')).toEqual([0, null]);
    expect(log).toEqual(['before a', 'after a']);
  });

  test('a promise is refused: the child cannot wait for it', () => {
    const log: string[] = [];
    using _bad = addForkHook({ key: 'async', beforeFork: () => Promise.reject(new Error('nobody waits')) });
    using _a = traced(log, 'a');
    expect(() => spawnSync('true')).toThrow(/beforeFork of async returned a promise/);
    expect(log).toEqual(['before a', expect.stringMatching(/^after a unwound TypeError/)]);
  });
});

test('a hook that throws after is an uncaught exception, and the others run', async () => {
  const { stdout, stderr, code } = await runFixture(new URL('./fixtures/throwing-after.ts', import.meta.url));
  expect(stdout.split('\n').slice(0, -1)).toEqual([
    'after first',
    'after last',
    'spawned 0',
    'uncaught: first thrown',
    'uncaught: second thrown',
  ]);
  expect([stderr, code]).toEqual(['', 0]);
});

describe('hooks that change hooks', () => {
  test('removed by another before its turn: it has no part; after its turn: it gets its after', () => {
    const log: string[] = [];
    using _inner = traced(log, 'inner');
    using _remover = addForkHook({
      key: 'remover',
      beforeFork: () => [removeForkHook('inner'), removeForkHook('outer')],
    });
    using _outer = traced(log, 'outer');
    run();
    expect(log).toEqual(['before outer', 'after outer']);
    expect([hasForkHook('inner'), hasForkHook('outer')]).toEqual([false, false]);
    run();
    expect(log).toHaveLength(2);
  });

  test('removes itself, being the last', async () => {
    const log: string[] = [];
    const hook = addForkHook({
      key: 'once',
      beforeFork: () => hook.close(),
      afterForkInParent: (_event, { pid }) => void log.push(pid === undefined ? 'none' : 'after'),
    });
    const child = spawn('true');
    expect(log).toEqual(['after']);
    expect(await once(child, 'exit')).toEqual([0, null]);
    run();
    expect(log).toEqual(['after']);
  });

  test('added meanwhile: it begins with the next start', () => {
    const log: string[] = [];
    using _adder = addForkHook({
      key: 'adder',
      beforeFork: () => void (hasForkHook('added') || traced(log, 'added')),
    });
    run();
    expect(log).toEqual([]);
    run();
    removeForkHook('added');
    expect(log).toEqual(['before added', 'after added']);
  });
});

test('hooks that spawn: what they start has no hooks', async () => {
  const log: string[] = [];
  const workers: Worker[] = [];
  using _hook = addForkHook({
    key: 'spawner',
    beforeFork({ command }) {
      log.push(`before ${command}`);
      return spawnSync('echo', ['from before'], { encoding: 'utf8' }).stdout.trim();
    },
    afterForkInParent(_event, { data }) {
      log.push(`after ${String(data)}`);
      spawn('true');
      workers.push(new Worker('1', { eval: true }));
    },
  });
  expect(await once(spawn('true'), 'exit')).toEqual([0, null]);
  expect(log).toEqual(['before true', 'after from before']);
  await Promise.all(workers.map((worker) => once(worker, 'exit')));
});
