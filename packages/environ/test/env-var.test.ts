import { inspect } from 'node:util';
import {
  booleanVar,
  enumVar,
  EnvironError,
  EnvVar,
  integerType,
  integerVar,
  isEnvironError,
  jsonVar,
  listVar,
  stringVar,
  type MutableEnviron,
} from '@osx/environ';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';

const name = 'OSX_ENV_VAR_TEST';
afterEach(() => {
  delete process.env[name];
});

describe('get', () => {
  test('reads process.env as it is at the call', () => {
    const variable = new EnvVar(name);
    expect(variable.isSet()).toBe(false);
    process.env[name] = 'a';
    expect(variable.get()).toBe('a');
    process.env[name] = 'b';
    expect(variable.get()).toBe('b');
    expect(variable.isSet()).toBe(true);
  });

  test('empty is set, and not set is not empty', () => {
    const variable = new EnvVar('A', { default: 'd' });
    expect(variable.get({ environ: { A: '' } })).toBe('');
    expect(variable.get({ environ: {} })).toBe('d');
    expect(variable.get({ environ: { A: undefined } })).toBe('d');
    expect([variable.isSet({ environ: { A: '' } }), variable.isSet({ environ: { A: undefined } })]).toEqual([
      true,
      false,
    ]);
    expect(new EnvVar('A', { default: 'd', emptyIsUnset: true }).get({ environ: { A: '' } })).toBe('d');
  });

  test('required and not set is an error, and not required is undefined', () => {
    expect(caught(() => new EnvVar('A').get({ environ: {} }))).toMatchObject({
      name: 'EnvironError',
      code: 'ERR_OSX_ENVIRON',
      message: '1 environment variable is wrong:\n  A is required and not set',
      issues: [{ name: 'A', kind: 'missing', path: ['A'] }],
    });
    expect(new EnvVar('A', { required: false }).get({ environ: {} })).toBeUndefined();
  });

  test('with a default nothing is missing', () => {
    for (const required of [true, false])
      expect(new EnvVar('A', { required, default: 'x' }).get({ environ: {} })).toBe('x');
  });

  test('a default may be made each time', () => {
    const make = vi.fn(() => ['x']);
    const variable = listVar('A', { default: make });
    expect(variable.get({ environ: {} })).not.toBe(variable.get({ environ: {} }));
    expect(make).toHaveBeenCalledTimes(2);
    variable.get({ environ: { A: '' } });
    expect(make).toHaveBeenCalledTimes(2);
  });

  test('a fallback stands before the default, and not for what is wrong', () => {
    const variable = integerVar('A', { default: 1 });
    const unset = { environ: {} };
    expect(variable.get(2, unset)).toBe(2);
    expect(variable.get(() => 3, unset)).toBe(3);
    expect(variable.get(null, unset)).toBeNull();
    expect(variable.get(() => undefined, unset)).toBeUndefined();
    expect(variable.get(undefined as never, unset)).toBe(1);
    expect(variable.get({ default: [4], ...unset })).toEqual([4]);
    expect(variable.get({ default: () => 'made', ...unset })).toBe('made');
    expect(variable.get(2, { environ: { A: '5' } })).toBe(5);
    expect(() => variable.get(2, { environ: { A: 'x' } })).toThrow(EnvironError);
    process.env[name] = '7';
    expect(integerVar(name).get(2)).toBe(7);
  });

  test('what every object has is not set', () => {
    for (const inherited of ['toString', 'constructor', '__proto__', 'hasOwnProperty']) {
      expect(new EnvVar(inherited, { default: 'd' }).get()).toBe('d');
      expect(new EnvVar(inherited, { default: 'd' }).get({ environ: {} })).toBe('d');
      expect(new EnvVar(inherited, { default: 'd' }).get({ environ: JSON.parse(`{"${inherited}":"own"}`) })).toBe(
        'own',
      );
    }
  });
});

describe('set and unset', () => {
  test('by the type', () => {
    const environ: MutableEnviron = {};
    integerVar('I').set(5, { environ });
    booleanVar('B').set(false, { environ });
    listVar('L', { of: integerType() }).set([1, 2], { environ });
    jsonVar('J').set({ a: 'ü' }, { environ });
    new EnvVar('Z', { type: z.coerce.number() }).set(1.5, { environ });
    expect(environ).toEqual({ I: '5', B: 'false', L: '1,2', J: '{"a":"ü"}', Z: '1.5' });
    integerVar('I').set(undefined, { environ });
    booleanVar('B').unset({ environ });
    expect(Object.keys(environ)).toEqual(['L', 'J', 'Z']);
  });

  test('process.env: undefined is not the text "undefined"', () => {
    const variable = new EnvVar(name);
    variable.set('a');
    expect(process.env[name]).toBe('a');
    variable.set(undefined);
    expect(name in process.env).toBe(false);
    variable.unset();
  });

  test.each([
    ['of another type', (environ: MutableEnviron) => integerVar('A').set('5' as never, { environ })],
    ['out of range', (environ: MutableEnviron) => integerVar('A', { max: 3 }).set(5, { environ })],
    ['no word of the enum', (environ: MutableEnviron) => enumVar('A', ['x']).set('hunter2' as never, { environ })],
    ['with NUL', (environ: MutableEnviron) => new EnvVar('A').set('hunter2\0', { environ })],
    ['with a lone surrogate', (environ: MutableEnviron) => new EnvVar('A').set('hunter2\ud800', { environ })],
    ['null', (environ: MutableEnviron) => new EnvVar('A').set(null as never, { environ })],
    [
      'no primitive, for a schema',
      (environ: MutableEnviron) => new EnvVar('A', { type: z.any() }).set({}, { environ }),
    ],
  ])('refused: %s; nothing is changed and no value shown', (_, set) => {
    const environ = { A: 'before' };
    const error = caught(() => set(environ));
    expect(error).toBeInstanceOf(TypeError);
    expect(error).toMatchObject({ code: expect.stringMatching(/^ERR_INVALID_ARG_/) });
    expect(inspect(error)).not.toContain('hunter2');
    expect(environ).toEqual({ A: 'before' });
  });

  test('an environment that cannot be changed says so', () => {
    expect(() => new EnvVar('A').set('x', { environ: Object.freeze({}) as MutableEnviron })).toThrow(TypeError);
    expect(() => new EnvVar('A').unset({ environ: Object.freeze({ A: '' }) as MutableEnviron })).toThrow(TypeError);
  });
});

describe('setScope', () => {
  test('puts back what was: set, empty, or not set', () => {
    for (const before of ['x', '', undefined]) {
      const environ: MutableEnviron = before === undefined ? {} : { A: before };
      {
        using _scope = new EnvVar('A').setScope('inside', { environ });
        expect(environ['A']).toBe('inside');
      }
      expect(environ).toEqual(before === undefined ? {} : { A: before });
      expect('A' in environ).toBe(before !== undefined);
    }
  });

  test('takes away for a while', () => {
    const environ: MutableEnviron = { A: '' };
    const scope = new EnvVar('A').setScope(undefined, { environ });
    expect(environ).toEqual({});
    scope.close();
    scope.close();
    expect(environ).toEqual({ A: '' });
  });

  test('closes in any order', () => {
    const orders = [
      [0, 1, 2],
      [0, 2, 1],
      [1, 0, 2],
      [1, 2, 0],
      [2, 0, 1],
      [2, 1, 0],
    ];
    for (const order of orders) {
      const environ: MutableEnviron = { A: 'first' };
      const variable = new EnvVar('A');
      const open = new Set(['1', '2', '3']);
      const scopes = ['1', '2', '3'].map((value) => variable.setScope(value, { environ }));
      for (const index of order) {
        scopes[index]?.close();
        open.delete(String(index + 1));
        expect(environ['A'], `closed ${order.join()}`).toBe([...open].at(-1) ?? 'first');
      }
    }
  });

  test('a closed scope does not undo what came after it', () => {
    const environ: MutableEnviron = {};
    const scope = new EnvVar('A').setScope('1', { environ });
    scope.close();
    environ['A'] = 'mine';
    scope.close();
    expect(environ).toEqual({ A: 'mine' });
  });
});

test.each([
  ['no name', () => new EnvVar(undefined as never), 'ERR_INVALID_ARG_TYPE'],
  ['empty', () => new EnvVar(''), 'ERR_INVALID_ARG_VALUE'],
  ['=', () => new EnvVar('A=B'), 'ERR_INVALID_ARG_VALUE'],
  ['NUL', () => new EnvVar('A\0'), 'ERR_INVALID_ARG_VALUE'],
  ['a lone surrogate', () => new EnvVar('A\ud800'), 'ERR_INVALID_ARG_VALUE'],
  ['options', () => new EnvVar('A', null as never), 'ERR_INVALID_ARG_TYPE'],
  ['type', () => new EnvVar('A', { type: Number as never }), 'ERR_INVALID_ARG_TYPE'],
  [
    'type of another version',
    () => new EnvVar('A', { type: { '~standard': { version: 2, validate() {} } } as never }),
    'ERR_INVALID_ARG_VALUE',
  ],
  ['required', () => new EnvVar('A', { required: 'no' as never }), 'ERR_INVALID_ARG_TYPE'],
  ['secret', () => new EnvVar('A', { secret: 1 as never }), 'ERR_INVALID_ARG_TYPE'],
  ['emptyIsUnset', () => new EnvVar('A', { emptyIsUnset: 1 as never }), 'ERR_INVALID_ARG_TYPE'],
  ['description', () => new EnvVar('A', { description: 1 as never }), 'ERR_INVALID_ARG_TYPE'],
  ['environ', () => new EnvVar('A').get({ environ: 'A=1' as never }), 'ERR_INVALID_ARG_TYPE'],
  ['environ an array', () => new EnvVar('A').isSet({ environ: [] as never }), 'ERR_INVALID_ARG_TYPE'],
  ['a value of environ', () => new EnvVar('A').get({ environ: { A: 1 as never } }), 'ERR_INVALID_ARG_TYPE'],
  ['fallback and options', () => new EnvVar('A').get({} as never, {} as never), 'ERR_INVALID_ARG_TYPE'],
])('refused: %s', (_, call, code) => {
  expect(caught(call)).toMatchObject({ code });
  expect(caught(call)).toBeInstanceOf(TypeError);
});

test('what is shown of it', () => {
  const variable = stringVar('DB_PASSWORD', { default: 'hunter2', description: 'Of the database' });
  expect(String(variable)).toBe('EnvVar(DB_PASSWORD)');
  expect(inspect(variable, { showHidden: true })).toBe('EnvVar(DB_PASSWORD)');
  expect(JSON.parse(JSON.stringify(variable))).toEqual({
    name: 'DB_PASSWORD',
    kind: 'string',
    required: false,
    secret: true,
    description: 'Of the database',
  });
});

test.each([
  ['DB_PASSWORD', true],
  ['PGPASSWORD', true],
  ['MYSQL_PWD', true],
  ['GITHUB_TOKEN', true],
  ['apiKey', true],
  ['AWS_SECRET_ACCESS_KEY', true],
  ['npm_config_//registry/:_authToken', true],
  ['PRIVATE_KEY', true],
  ['SENTRY_DSN', true],
  ['PWD', false],
  ['OLDPWD', false],
  ['KEYBOARD', false],
  ['MONKEY', false],
  ['PATH', false],
  ['PORT', false],
  ['AUTHOR', false],
])('%s is secret by its name: %s', (variable, isSecret) => {
  expect(new EnvVar(variable).isSecret).toBe(isSecret);
  expect(new EnvVar(variable, { secret: !isSecret }).isSecret).toBe(!isSecret);
});

test('an error of another copy of this package is known', () => {
  const brand = Symbol.for('@osx/environ/EnvironError');
  expect(isEnvironError(Object.defineProperty(new Error('x'), brand, { value: true }))).toBe(true);
  for (const value of [null, undefined, 'x', new Error('x'), Proxy.revocable({}, {}).proxy])
    expect(isEnvironError(value)).toBe(false);
});

test('it is a Standard Schema, from a text or from nothing', () => {
  const { validate, vendor, version } = integerVar('A', { default: 1 })['~standard'];
  expect([vendor, version, validate(undefined), validate('5')]).toEqual([
    '@osx/environ',
    1,
    { value: 1 },
    { value: 5 },
  ]);
  expect(validate('x')).toMatchObject({ issues: [{ message: 'A must be an integer, is "x"', path: ['A'] }] });
  expect(validate(5)).toMatchObject({ issues: [{ message: 'must be a string' }] });
});

function caught(call: () => unknown): unknown {
  try {
    call();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}
