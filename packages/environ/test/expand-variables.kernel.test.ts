import { needs } from '@osx/test-support';
import { describe, expect, test } from 'vitest';

import { compareWithShell, expandOurs } from './support/compare-with-shell.ts';
import { environ as caseEnviron, shellCases } from './support/shell-cases.ts';
import { expandByShell } from './support/shell-oracle.ts';

const shells = ['bash', 'dash'] as const;

describe.each(shells)('beside %s', (shell) => {
  needs(shell).test('random texts come to the same', () => {
    expect(compareWithShell(shell, 500, { seed: 1 })).toBeGreaterThan(300);
  });

  needs(shell).test('the cases of the other test come to what they say there', () => {
    const samples = shellCases.map(([text]) => ({ text, environ: caseEnviron }));
    expect(expandByShell(shell, samples, 'C.UTF-8')).toEqual(shellCases.map(([, expanded]) => expanded));
  });

  needs(shell).test('a plain reading of ${NAME} is found out', () => {
    const naive = ({ text, environ }: Parameters<typeof expandOurs>[0]): string =>
      text.replaceAll(/\$\{?(\w+)\}?/g, (_, name: string) => environ[name] ?? '');
    expect(() => compareWithShell(shell, 500, { seed: 1, ours: naive })).toThrow('Property failed');
  });
});

const V = 'naïve – 😀 año';
const byCharacters: [string, string][] = [
  ['${V#?????}', ' – 😀 año'],
  ['${V%???}', 'naïve – 😀 '],
  ['${V##*😀 }', 'año'],
  ['${V%%[–😀]*}', 'naïve '],
  ['${V%[[:alpha:]]}', 'naïve – 😀 añ'],
  ['${V%[[:alpha:][:space:]]}', 'naïve – 😀 añ'],
  ['${#V}', '13'],
];

test.each(byCharacters)('characters are code points: %s', (text, expanded) => {
  expect(expandOurs({ text, environ: { V } })).toBe(expanded);
});

needs('bash').test('characters are code points, as in bash', () => {
  const samples = byCharacters.map(([text]) => ({ text, environ: { V } }));
  expect(expandByShell('bash', samples, 'C.UTF-8')).toEqual(byCharacters.map(([, expanded]) => expanded));
});
