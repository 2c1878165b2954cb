import { ChildProcess } from 'node:child_process';

import { afterEach, describe, expect, test } from 'vitest';

import { addForkHook, hasForkHook, removeForkHook, tryAddForkHook } from '@osx/forkhooks';
import type { ForkHook } from '@osx/forkhooks';

const { prototype } = ChildProcess as unknown as { prototype: { spawn: unknown } };
const spawnOfNode = prototype.spawn;
afterEach(() => {
  removeForkHook('key');
  expect(prototype.spawn).toBe(spawnOfNode);
});

function spawnOf(this: unknown): unknown {
  return this;
}

class Ended {
  readonly isEnded = true;
}

function* generate(): Generator<number> {
  yield 1;
}

const badHooks: [string, unknown, string][] = [
  ['nothing', undefined, 'ERR_INVALID_ARG_TYPE'],
  ['null', null, 'ERR_INVALID_ARG_TYPE'],
  ['a function', () => {}, 'ERR_INVALID_ARG_TYPE'],
  ['no key', {}, 'ERR_INVALID_ARG_TYPE'],
  ['a number as key', { key: 1 }, 'ERR_INVALID_ARG_TYPE'],
  ['an empty key', { key: '' }, 'ERR_INVALID_ARG_VALUE'],
  ['a priority that is a string', { key: 'key', priority: '1' }, 'ERR_INVALID_ARG_TYPE'],
  ['a priority that is null', { key: 'key', priority: null }, 'ERR_INVALID_ARG_TYPE'],
  ['NaN as priority', { key: 'key', priority: Number.NaN }, 'ERR_OUT_OF_RANGE'],
  ['infinite priority', { key: 'key', priority: Infinity }, 'ERR_OUT_OF_RANGE'],
  ['beforeFork no function', { key: 'key', beforeFork: 'x' }, 'ERR_INVALID_ARG_TYPE'],
  ['beforeFork null', { key: 'key', beforeFork: null }, 'ERR_INVALID_ARG_TYPE'],
  ['afterForkInParent no function', { key: 'key', afterForkInParent: {} }, 'ERR_INVALID_ARG_TYPE'],
  ['afterForkInChild a number', { key: 'key', afterForkInChild: 1 }, 'ERR_INVALID_ARG_TYPE'],
  ['afterForkInChild null', { key: 'key', afterForkInChild: null }, 'ERR_INVALID_ARG_TYPE'],
  ['afterForkInChild a relative path', { key: 'key', afterForkInChild: './mark.ts' }, 'ERR_INVALID_ARG_VALUE'],
  [
    'afterForkInChild a URL of another scheme',
    { key: 'key', afterForkInChild: new URL('data:,') },
    'ERR_INVALID_ARG_VALUE',
  ],
  ['afterForkInChild a missing module', { key: 'key', afterForkInChild: '/nonexistent/mark.ts' }, 'ENOENT'],
  ['afterForkInChild native', { key: 'key', afterForkInChild: Math.max }, 'ERR_INVALID_ARG_VALUE'],
  ['afterForkInChild bound', { key: 'key', afterForkInChild: spawnOf.bind(null) }, 'ERR_INVALID_ARG_VALUE'],
  ['afterForkInChild a class', { key: 'key', afterForkInChild: Ended }, 'ERR_INVALID_ARG_VALUE'],
  ['afterForkInChild a generator', { key: 'key', *afterForkInChild() {} }, 'ERR_INVALID_ARG_VALUE'],
  ['afterForkInChild a generator function', { key: 'key', afterForkInChild: generate }, 'ERR_INVALID_ARG_VALUE'],
];

describe.each([
  ['addForkHook', addForkHook],
  ['tryAddForkHook', tryAddForkHook],
])('%s', (_name, add) => {
  test.each(badHooks)('refuses %s', (_what, hook, code) => {
    expect(() => add(hook as ForkHook)).toThrow(expect.objectContaining({ code }));
    expect(hasForkHook('key')).toBe(false);
  });

  test('names the argument and the value', () => {
    expect(() => add({ key: 'key', priority: Number.NaN })).toThrow(/hook\.priority.*finite.*NaN/);
  });

  test('takes what the hook was at that time', () => {
    const hook = { key: 'key', priority: 1 };
    using added = add(hook);
    hook.key = 'other';
    expect([added?.key, hasForkHook('key'), hasForkHook('other')]).toEqual(['key', true, false]);
  });
});

test.each<unknown>([undefined, null, 1, {}])('hasForkHook and removeForkHook refuse %s', (key) => {
  expect(() => hasForkHook(key as string)).toThrow(expect.objectContaining({ code: 'ERR_INVALID_ARG_TYPE' }));
  expect(() => removeForkHook(key as string)).toThrow(expect.objectContaining({ code: 'ERR_INVALID_ARG_TYPE' }));
});

describe('the same key twice', () => {
  test('is refused by addForkHook, told by tryAddForkHook, and the first one stays', () => {
    using first = addForkHook({ key: 'key' });
    expect(() => addForkHook({ key: 'key' })).toThrow(
      expect.objectContaining({ name: 'SystemError', code: 'ERR_OSX_DUPLICATE_KEY' }),
    );
    expect(tryAddForkHook({ key: 'key' })).toBe(null);
    expect(hasForkHook(first.key)).toBe(true);
  });

  test('is free again after removal, and an old handle removes no later hook', () => {
    const first = addForkHook({ key: 'key' });
    first.close();
    using second = addForkHook({ key: 'key' });
    first.close();
    first[Symbol.dispose]();
    expect(hasForkHook(second.key)).toBe(true);
  });

  test('symbols are equal only to themselves, and to no string', () => {
    const key = Symbol('key');
    using _one = addForkHook({ key });
    using _other = addForkHook({ key: Symbol('key') });
    using _text = addForkHook({ key: 'key' });
    expect([hasForkHook(key), hasForkHook(Symbol('key'))]).toEqual([true, false]);
    expect([removeForkHook(key), removeForkHook(key)]).toEqual([true, false]);
  });
});
