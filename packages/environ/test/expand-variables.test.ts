import { expandVariables, ExpansionError } from '@osx/environ';
import { describe, expect, test, vi } from 'vitest';

import { environ, shellCases } from './support/shell-cases.ts';

const expand = (text: string, options: object = {}): string => expandVariables(text, { environ, ...options });

describe('as the shell has it', () => {
  test.each(shellCases)('%s', (text, expanded) => {
    expect(expand(text)).toBe(expanded);
  });

  test('a quoted value is no pattern, as in bash', () => {
    expect(expand('${A%"$P"}|${A%"${P}"}|${A%"${U:-$P}"}')).toBe('hello|hello|hello');
  });

  test.each(['$1 $@ $* $# $? $$ $! $- $0', '$(rm -rf x) `rm` $((1+1))', '', 'plain'])('%s stays as it is', (text) => {
    expect(expand(text)).toBe(text);
  });
});

test.each([
  ['${}', 0],
  ['a ${A', 2],
  ['${A!}', 0],
  ['${A:}', 0],
  ['${A:1:2}', 0],
  ['${A/l/x}', 0],
  ['${!A}', 0],
  ['${ A}', 0],
  ['${1}', 0],
  ['${#}', 0],
  ['${#A%x}', 0],
  ['${A-B', 4],
  ['${U:-"x}', 6],
  ["${A%'x}", 4],
  ['${A:-${B!}}', 5],
])('%s is a bad substitution, whether or not it is needed', (text, offset) => {
  const error = caught(() => expand(text));
  expect(error).toBeInstanceOf(ExpansionError);
  expect(error).toMatchObject({ name: 'ExpansionError', code: 'ERR_OSX_EXPANSION', kind: 'syntax', offset });
});

describe('what is not set', () => {
  test('${NAME:?word} is an error with the word, expanded', () => {
    expect(caught(() => expand('a ${U:?set $A}'))).toMatchObject({
      message: 'U: set hello',
      kind: 'undefined',
      variable: 'U',
      offset: 2,
    });
    expect(() => expand('${E:?}')).toThrow('E: parameter null or not set');
    expect(() => expand('${U?}')).toThrow('U: parameter not set');
  });

  test.each([
    ['empty', '<>'],
    ['keep', '<$U${U}${#U}${U%x}>'],
    [(name: string) => `(${name})`, '<(U)(U)3(U)>'],
    [() => undefined, '<0>'],
  ])('onUndefined %s', (onUndefined, expanded) => {
    const text = '<$U${U}${#U}${U%x}>';
    expect(expand(text, { onUndefined })).toBe(onUndefined === 'empty' ? '<0>' : expanded);
  });

  test('onUndefined error leaves alone what has a default', () => {
    const options = { onUndefined: 'error' };
    expect(expand('${U:-d}${U+s}${E}', options)).toBe('d');
    expect(caught(() => expand('x$U', options))).toMatchObject({ kind: 'undefined', variable: 'U', offset: 1 });
    expect(caught(() => expand('${A:+$U}', options))).toMatchObject({ variable: 'U' });
  });

  test('what every object has is not set', () => {
    expect(expand('${toString-no}${constructor-no}${__proto__-no}')).toBe('nonono');
    expect(expandVariables('${toString-no}')).toBe('no');
  });
});

test('an assignment is told, and changes no environment', () => {
  const told = vi.fn();
  const mine = { A: '' };
  expect(expandVariables('${A:=x}${B=$A}$B', { environ: mine, onAssign: told })).toBe('xxx');
  expect(told.mock.calls).toEqual([
    ['A', 'x'],
    ['B', 'x'],
  ]);
  expect(mine).toEqual({ A: '' });
  expandVariables('${OSX_NEVER:=x}');
  expect(process.env).not.toHaveProperty('OSX_NEVER');
});

describe('windows', () => {
  const names = { Path: 'C:\\bin', B: 'b', 'ProgramFiles(x86)': 'C:\\x86' };
  test.each([
    ['%PATH%;%path%', 'C:\\bin;C:\\bin'],
    ['%ProgramFiles(x86)%', 'C:\\x86'],
    ['100% %% %NOPE% %', '100% %% %NOPE% %'],
    ['%NOPE%B%', '%NOPEb'],
    ['$B ${B} \\%B\\%', '$B ${B} \\%B\\%'],
  ])('%s', (text, expanded) => {
    expect(expandVariables(text, { environ: names, syntax: 'windows' })).toBe(expanded);
  });

  test('the other ways with what is not set', () => {
    const options = { environ: names, syntax: 'windows' } as const;
    expect(expandVariables('<%NOPE%>', { ...options, onUndefined: 'empty' })).toBe('<>');
    expect(() => expandVariables('<%NOPE%>', { ...options, onUndefined: 'error' })).toThrow(ExpansionError);
  });
});

describe('hostile texts', () => {
  test('a pattern of many stars takes no exponential time', () => {
    const long = { A: 'a'.repeat(5_000) };
    expect(expandVariables(`\${A%${'*a'.repeat(20)}b}`, { environ: long })).toBe(long.A);
    expect(expandVariables(`\${A##${'*a'.repeat(20)}}`, { environ: long })).toBe('');
  });

  test('nesting has an end that is an error and no overflow', () => {
    const nested = (depth: number): string => '${U:-'.repeat(depth) + 'x' + '}'.repeat(depth);
    expect(expand(nested(100))).toBe('x');
    expect(() => expand(nested(101))).toThrow(ExpansionError);
    expect(() => expand(nested(200_000))).toThrow(ExpansionError);
  });
});

test.each([
  ['text', () => expandVariables(1 as never), 'ERR_INVALID_ARG_TYPE'],
  ['options', () => expandVariables('', null as never), 'ERR_INVALID_ARG_TYPE'],
  ['syntax', () => expandVariables('', { syntax: 'cmd' as never }), 'ERR_INVALID_ARG_VALUE'],
  ['onUndefined', () => expandVariables('', { onUndefined: 'throw' as never }), 'ERR_INVALID_ARG_VALUE'],
  [
    'onUndefined result',
    () => expandVariables('$U', { onUndefined: () => 1 as never, environ: {} }),
    'ERR_INVALID_ARG_VALUE',
  ],
  ['onAssign', () => expandVariables('', { onAssign: 1 as never }), 'ERR_INVALID_ARG_TYPE'],
  ['environ', () => expandVariables('', { environ: 'A=1' as never }), 'ERR_INVALID_ARG_TYPE'],
  ['a value', () => expandVariables('$A', { environ: { A: 1 as never } }), 'ERR_INVALID_ARG_TYPE'],
])('refused: %s', (_, call, code) => {
  expect(caught(call)).toMatchObject({ code });
});

function caught(call: () => unknown): unknown {
  try {
    call();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}
