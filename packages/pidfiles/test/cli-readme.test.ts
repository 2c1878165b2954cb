import { readFileSync } from 'node:fs';

import { expect, test } from 'vitest';

import { commands } from '../src/internal/cli/commands.ts';
import { EXIT } from '../src/internal/cli/exit-codes.ts';
import { generalHelp } from '../src/internal/cli/help.ts';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');

test('the README shows the usage that --help prints', () => {
  const shown = [...readme.matchAll(/^pidfile (\S+) +(\S.*)$/gm)].map(([, name, rest]) => `${name} ${rest}`);
  expect(shown).toEqual([...commands.values()].map(({ synopsis }) => synopsis));
});

test('README and --help explain every exit code, and no other', () => {
  const codes = Object.values(EXIT).toSorted((a, b) => a - b);
  const rows = [...readme.matchAll(/^\| (\d+(?:, \d+)*) \|/gm)].flatMap(([, row = '']) => row.split(', ').map(Number));
  expect(rows).toEqual(codes);
  const helped = [...(generalHelp().split('Exit code:')[1] ?? '').matchAll(/(?<![\w.])\d+(?= [A-Za-z])/g)].map(Number);
  expect(helped.toSorted((a, b) => a - b)).toEqual(codes);
});
