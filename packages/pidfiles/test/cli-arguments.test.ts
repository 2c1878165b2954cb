import { describe, expect, test } from 'vitest';

import { commands } from '../src/internal/cli/commands.ts';
import type { Command } from '../src/internal/cli/command.ts';
import { parseArguments } from '../src/internal/cli/parse-arguments.ts';
import { printable } from '../src/internal/cli/print.ts';
import { rawArguments, textOf } from '../src/internal/cli/raw-arguments.ts';
import { UsageError } from '../src/internal/cli/usage-error.ts';

function parse(name: string, ...words: string[]) {
  return parseArguments(commands.get(name) as Command, rawArguments(words));
}

describe('the operands', () => {
  test('FILE, with options before and behind it', () => {
    expect(parse('status', '--json', 'a.pid')).toMatchObject({ fileText: 'a.pid', json: true, quiet: false });
    expect(parse('status', 'a.pid', '-q')).toMatchObject({ fileText: 'a.pid', json: false, quiet: true });
    expect(parse('status', '--', '-1').file).toEqual(Buffer.from('-1'));
  });

  test('bytes that are not UTF-8 stay as they are', () => {
    const raw = Buffer.from([0x2f, 0xff, 0x61]);
    expect(parseArguments(commands.get('status') as Command, [raw.toString('latin1')]).file).toEqual(raw);
    expect(parse('status', 'äpfel').file).toEqual(Buffer.from('äpfel'));
    expect(parse('status', 'äpfel').fileText).toBe('äpfel');
  });

  test.each([
    [['kill', 'a.pid'], undefined],
    [['kill', 'HUP', 'a.pid'], 'HUP'],
    [['kill', '-s', 'HUP', 'a.pid'], 'HUP'],
    [['kill', '--signal=HUP', 'a.pid'], 'HUP'],
    [['kill', '-HUP', 'a.pid'], 'HUP'],
    [['kill', '-SIGRTMIN+3', 'a.pid'], 'SIGRTMIN+3'],
    [['kill', '-9', 'a.pid'], '9'],
    [['kill', '0', 'a.pid'], '0'],
    [['kill', 'a.pid', '-s', 'HUP', '--wait'], 'HUP'],
  ])('%j', ([name = '', ...words], signal) => {
    expect(parse(name, ...words)).toMatchObject({ fileText: 'a.pid', signal });
  });

  test('what stands behind FILE is the command of exec, its options and a further -- too', () => {
    const words = (...args: string[]) => parse('exec', ...args).command.map(String);
    expect(words('a.pid', '--', 'ls', '-l', '--json')).toEqual(['ls', '-l', '--json']);
    expect(words('a.pid', 'ls', '--timeout', '3')).toEqual(['ls', '--timeout', '3']);
    expect(words('a.pid', '--', 'env', '--', 'x', '')).toEqual(['env', '--', 'x', '']);
    expect(words('--', 'a.pid', '--', 'ls')).toEqual(['ls']);
    expect(parse('exec', '-t', '3', 'a.pid', '--', 'ls')).toMatchObject({ timeoutMs: 3000, fileText: 'a.pid' });
    expect(parse('exec', '--timeout=3', 'a.pid', 'ls', '-h')).toMatchObject({ timeoutMs: 3000, help: false });
  });
});

test.each([
  ['0', 0],
  ['2', 2000],
  ['0.25', 250],
  ['.5', 500],
  ['1.', 1000],
  ['infinity', Infinity],
])('--timeout %s', (text, milliseconds) => {
  expect(parse('pin', '--timeout', text, 'a.pid').timeoutMs).toBe(milliseconds);
});

test.each<[string[], RegExp]>([
  [['read'], /^FILE is missing$/],
  [['read', ''], /^FILE is missing$/],
  [['read', 'a', 'b'], /^'b' is one operand too many$/],
  [['read', '--wait', 'a'], /^Unknown option '--wait'$/],
  [['read', '-x', 'a'], /^Unknown option '-x'$/],
  [['read', '--json=yes', 'a'], /--json.*does not take an argument$/],
  [['read', '--timeout', 'a'], /^FILE is missing$|is no number of seconds/],
  [['read', '--timeout'], /^Option .*--timeout.* argument missing$/],
  [['read', '--timeout', '-1', 'a'], /ambiguous$/],
  [['read', '--timeout=-1', 'a'], /^'-1' is no number of seconds, nor 'infinity'$/],
  [['read', '--timeout=', 'a'], /^'' is no number of seconds/],
  [['read', '--timeout=1e3', 'a'], /^'1e3' is no number/],
  [['read', '--timeout=0x10', 'a'], /^'0x10' is no number/],
  [['read', '--timeout=.', 'a'], /^'\.' is no number/],
  [['read', '--timeout=NaN', 'a'], /^'NaN' is no number/],
  [['kill', 'TERM', '-1'], /^Unknown option '-1'$/],
  [['kill', 'TERM', 'a', 'b'], /^'b' is one operand too many$/],
  [['kill', '-s', 'TERM', 'HUP', 'a'], /one operand too many$/],
  [['exec'], /^FILE is missing$/],
  [['exec', 'a'], /^the command to execute is missing$/],
  [['exec', 'a', '--'], /^the command to execute is missing$/],
  [['exec', '--wait', 'a', '--', 'ls'], /^Unknown option '--wait'$/],
  [['lock', '-ü', 'a'], /^Unknown option '-.*'$/],
])('%j is refused in one line', ([name = '', ...words], expected) => {
  let message = '';
  try {
    parse(name, ...words);
  } catch (error) {
    expect(error).toBeInstanceOf(UsageError);
    ({ message } = error as Error);
  }
  expect(message).toMatch(expected);
  expect(message).not.toContain('\n');
});

test('a terminal shows what is printed and does not obey it', () => {
  expect(printable('a\nb\u001B[31m\u009B\u007F\u2028ä')).toBe('a\\u000ab\\u001b[31m\\u009b\\u007f\\u2028ä');
});

test('arguments are characters of one byte inside, and text outside', () => {
  expect(rawArguments([])).toEqual([]);
  expect(rawArguments(['ä', '']).map(textOf)).toEqual(['ä', '']);
});
