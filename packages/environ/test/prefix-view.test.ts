import {
  expandVariables,
  integerVar,
  prefixView,
  snapshotEnviron,
  withEnviron,
  type MutableEnviron,
} from '@osx/environ';
import { expect, test } from 'vitest';

const sample = (): MutableEnviron => ({
  APP_A: '1',
  APP_B: '',
  APP_: 'no name',
  APP_C: undefined,
  OTHER: 'o',
  app_d: 'd',
});

test('shows the names without the prefix, and no others', () => {
  const view = prefixView('APP_', { environ: sample() });
  expect(Object.entries(view)).toEqual([
    ['A', '1'],
    ['B', ''],
  ]);
  expect(view).toEqual({ A: '1', B: '' });
  expect({ ...view }).toEqual({ A: '1', B: '' });
  expect(JSON.stringify(view)).toBe('{"A":"1","B":""}');
  for (const absent of ['', 'C', 'OTHER', 'toString', '__proto__', 'd', 'APP_A']) {
    expect([view[absent], absent in view, Object.hasOwn(view, absent)]).toEqual([undefined, false, false]);
  }
});

test('is live both ways', () => {
  const environ = sample();
  const view = prefixView('APP_', { environ });
  environ['APP_NEW'] = 'n';
  expect(view['NEW']).toBe('n');
  view['X'] = 'x';
  delete view['A'];
  view['B'] = undefined;
  expect(environ).toEqual({ APP_: 'no name', APP_C: undefined, APP_NEW: 'n', APP_X: 'x', OTHER: 'o', app_d: 'd' });
  expect(Reflect.deleteProperty(view, 'never there')).toBe(true);
});

test('is an environment for everything here', () => {
  const environ = sample();
  const view = prefixView('APP_', { environ });
  expect(integerVar('A').get({ environ: view })).toBe(1);
  expect(expandVariables('$A${C-unset}', { environ: view })).toBe('1unset');
  expect(snapshotEnviron({ environ: view })).toEqual({ A: '1', B: '' });
  withEnviron({ A: '2', Z: 'z' }, () => expect([environ['APP_A'], environ['APP_Z']]).toEqual(['2', 'z']), {
    environ: view,
  });
  expect(environ).toEqual(sample());
});

test('views of views', () => {
  const environ: MutableEnviron = { A_B_C: 'x' };
  const view = prefixView('B_', { environ: prefixView('A_', { environ }) });
  expect(Object.entries(view)).toEqual([['C', 'x']]);
  expect(() => integerVar('C').get({ environ: view })).toThrow('A_B_C must be an integer');
});

test('of process.env', () => {
  const view = prefixView('OSX_PREFIX_VIEW_');
  view['A'] = 'a';
  expect(process.env['OSX_PREFIX_VIEW_A']).toBe('a');
  delete view['A'];
  expect('OSX_PREFIX_VIEW_A' in process.env).toBe(false);
});

test('writes what is no text of an environment are refused', () => {
  const environ: MutableEnviron = {};
  const view = prefixView('APP_', { environ });
  for (const value of [1, null, 'a\0', {}]) expect(() => Object.assign(view, { A: value })).toThrow(TypeError);
  for (const name of ['', 'A=B', 'A\0']) expect(() => Object.assign(view, { [name]: 'x' })).toThrow(TypeError);
  expect(() => Object.defineProperty(view, 'A', { get: () => 'x' })).toThrow(TypeError);
  expect(() => Object.freeze(view)).toThrow(TypeError);
  expect(() => Object.setPrototypeOf(view, {})).toThrow(TypeError);
  expect(environ).toEqual({});
});

test.each([
  ['prefix', () => prefixView(1 as never), 'ERR_INVALID_ARG_TYPE'],
  ['empty', () => prefixView(''), 'ERR_INVALID_ARG_VALUE'],
  ['environ', () => prefixView('A', { environ: 'x' as never }), 'ERR_INVALID_ARG_TYPE'],
])('refused: %s', (_, call, code) => {
  expect(call).toThrow(expect.objectContaining({ code }));
});
