import { describe, expect, test } from 'vitest';

import { parseArguments } from '../src/internal/cli/parse-arguments.ts';

describe('refused', () => {
  test.each([
    [[], 'the command to run is missing'],
    [['--'], 'the command to run is missing'],
    [[''], 'the command to run is missing'],
    [['--nope', 'true'], "Unknown option '--nope'"],
    [['--tree=1', 'true'], '--tree'],
    [['--grace', '-1', 'true'], '--grace'],
    [['--grace', 'soon', 'true'], "--grace: 'soon' is not a number of milliseconds"],
    [['--grace', '2147483648', 'true'], 'is not a number of milliseconds'],
    [['--signal', 'CHLD', 'true'], "'CHLD' is no signal that ends a program"],
    [['--signal', '0', 'true'], "'0' is no signal"],
    [['--signal=NOPE', 'true'], "'NOPE' is no signal"],
    [['--parent', 'me', 'true'], "--parent: 'me' is not a pid"],
  ])('%j', (words, message) => {
    expect(() => parseArguments(words)).toThrow(message);
  });
});

test.each([
  [['true'], {}],
  [['--', '--tree'], { command: ['--tree'] }],
  [['-t', 'true', '-t', '--'], { tree: true, command: ['true', '-t', '--'] }],
  [['-s', 'term', '-g', '10', '-p', '0', 'true'], { signal: 15, graceMs: 10, parentPid: 0 }],
  [['--signal=SIGRTMIN+1', '--grace=0', 'true'], { signal: 35, graceMs: 0 }],
])('%j', (words, expected) => {
  const { command, ...rest } = parseArguments(words);
  expect({ ...rest, command: command.map(String) }).toEqual({
    help: false,
    version: false,
    tree: false,
    signal: undefined,
    graceMs: undefined,
    parentPid: undefined,
    command: ['true'],
    ...expected,
  });
});
