import { execFileSync } from 'node:child_process';
import { inspect } from 'node:util';
import { snapshotEnviron, withEnviron, type MutableEnviron } from '@osx/environ';
import { afterEach, describe, expect, test } from 'vitest';

const name = 'OSX_WITH_ENVIRON_TEST';
afterEach(() => {
  delete process.env[name];
});

test('sets, takes away and puts back: set, empty and not set', () => {
  const environ: MutableEnviron = { A: 'a', EMPTY: '', GONE: 'g' };
  const result = withEnviron({ A: 'b', EMPTY: 'e', NEW: 'n', GONE: undefined }, () => ({ ...environ }), { environ });
  expect(result).toEqual({ A: 'b', EMPTY: 'e', NEW: 'n' });
  expect(environ).toEqual({ A: 'a', EMPTY: '', GONE: 'g' });
  expect('NEW' in environ).toBe(false);
});

test('process.env, as children see it', () => {
  const child = (): string => execFileSync('sh', ['-c', `printf %s "\${${name}-not set}"`], { encoding: 'utf8' });
  expect(withEnviron({ [name]: 'in' }, child)).toBe('in');
  expect(child()).toBe('not set');
  process.env[name] = '';
  expect(withEnviron({ [name]: undefined }, child)).toBe('not set');
  expect(child()).toBe('');
});

test('a throwing callback', () => {
  const environ: MutableEnviron = { A: 'a' };
  const fail = (): never => {
    throw new Error(`with ${environ['A']}`);
  };
  expect(() => withEnviron({ A: 'b' }, fail, { environ })).toThrow('with b');
  expect(environ).toEqual({ A: 'a' });
});

describe('a promise', () => {
  test('is over when it is settled, either way', async () => {
    const environ: MutableEnviron = {};
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    const done = withEnviron({ A: '1' }, async () => await promise, { environ });
    await Promise.resolve();
    expect(environ).toEqual({ A: '1' });
    resolve('r');
    expect(await done).toBe('r');
    expect(environ).toEqual({});
    const failing = withEnviron({ A: '1' }, async () => await Promise.reject(new Error('e')), { environ });
    expect(environ).toEqual({ A: '1' });
    await expect(failing).rejects.toThrow('e');
    expect(environ).toEqual({});
    reject();
  });

  test('of another library', async () => {
    const environ: MutableEnviron = {};
    // oxlint-disable-next-line unicorn/no-thenable
    const thenable = { then: (resolve: (value: string) => void) => setImmediate(() => resolve(`${environ['A']}`)) };
    expect(await withEnviron({ A: '1' }, () => thenable as unknown as Promise<string>, { environ })).toBe('1');
    expect(environ).toEqual({});
  });

  test('several that overlap leave what was before the first', async () => {
    const environ: MutableEnviron = { A: 'first' };
    const gates = ['1', '2', '3'].map((value) => {
      const { promise, resolve } = Promise.withResolvers<void>();
      return { resolve, done: withEnviron({ A: value, [`OWN${value}`]: '' }, async () => await promise, { environ }) };
    });
    expect(environ['A']).toBe('3');
    for (const index of [0, 2, 1]) {
      gates[index]?.resolve();
      await gates[index]?.done;
    }
    expect(environ).toEqual({ A: 'first' });
  });
});

test('scopes nest', () => {
  const environ: MutableEnviron = {};
  withEnviron(
    { A: '1', B: '1' },
    () => {
      withEnviron({ A: undefined, C: '2' }, () => expect(environ).toEqual({ B: '1', C: '2' }), { environ });
      expect(environ).toEqual({ A: '1', B: '1' });
    },
    { environ },
  );
  expect(environ).toEqual({});
});

test('a name that every object has', () => {
  const environ: MutableEnviron = {};
  const values = JSON.parse('{"__proto__":"p","toString":"t"}') as MutableEnviron;
  withEnviron(
    values,
    () =>
      expect(Object.entries(environ)).toEqual([
        ['__proto__', 'p'],
        ['toString', 't'],
      ]),
    { environ },
  );
  expect(Object.keys(environ)).toEqual([]);
  expect(Object.getPrototypeOf(environ)).toBe(Object.prototype);
});

test('an environment of which only a part can be changed is left as it was', () => {
  const environ: MutableEnviron = {};
  Object.defineProperty(environ, 'FIXED', { value: 'f', enumerable: true });
  expect(() => withEnviron({ A: '1', FIXED: '2' }, () => {}, { environ })).toThrow(TypeError);
  expect(environ).toEqual({ FIXED: 'f' });
});

test.each([
  ['=', { 'A=B': 'hunter2' }],
  ['an empty name', { '': 'hunter2' }],
  ['NUL in a name', { 'A\0': 'hunter2' }],
  ['NUL in a value', { A: 'hunter2\0' }],
  ['a lone surrogate', { A: 'hunter2\udc00' }],
  ['a number', { A: 1 }],
  ['null', { A: null }],
  ['no object', 'A=hunter2'],
  ['nothing', undefined],
])('refused before anything is set: %s', (_, values) => {
  const environ: MutableEnviron = {};
  const call = (): unknown =>
    withEnviron({ FIRST: '1', ...(values as object) }, () => expect.unreachable(), { environ });
  const whole = typeof values === 'object' ? call : (): unknown => withEnviron(values as never, () => {}, { environ });
  let error: unknown;
  try {
    whole();
  } catch (caught) {
    error = caught;
  }
  expect(error).toBeInstanceOf(TypeError);
  expect(error).toMatchObject({ code: expect.stringMatching(/^ERR_INVALID_ARG/) });
  if (typeof values === 'object') expect(inspect(error)).not.toContain('hunter2');
  expect(environ).toEqual({});
});

test('no callback is refused before anything is set', () => {
  expect(() => withEnviron({ [name]: '1' }, 'x' as never)).toThrow(
    expect.objectContaining({ code: 'ERR_INVALID_ARG_TYPE' }),
  );
  expect(snapshotEnviron()).not.toHaveProperty(name);
});
