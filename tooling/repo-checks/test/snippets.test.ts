import { expect, test } from 'vitest';

import { docblockSnippets, readmeSnippets } from '../src/snippets.ts';

test('finds the blocks that claim to run, and the output directly after', () => {
  const markdown = [
    '# Title',
    '```ts run',
    'one();',
    '',
    'two();',
    '```',
    '',
    '```text output',
    'printed',
    '```',
    '```ts',
    'not run',
    '```',
    '```ts run',
    'three();',
    '```',
    'Words between.',
    '```text output',
    'not its output',
    '```',
  ].join('\n');
  expect(readmeSnippets('README.md', markdown)).toEqual([
    { file: 'README.md', line: 3, code: 'one();\n\ntwo();\n', expectedOutput: 'printed\n' },
    { file: 'README.md', line: 15, code: 'three();\n' },
  ]);
});

test('a fence inside a longer fence is text', () => {
  expect(readmeSnippets('README.md', '````md\n```ts run\nno();\n```\n````\n')).toEqual([]);
});

test('an indented fence, as in a list, loses its indent', () => {
  expect(readmeSnippets('README.md', '- item\n  ```ts run\n  a();\n    b();\n  ```\n')).toMatchObject([
    { code: 'a();\n  b();\n' },
  ]);
});

test('finds the examples of docblocks, with the line they stand on', () => {
  const source = [
    "const text = '/** @example';",
    '/**',
    ' * Does it.',
    ' * ```ts',
    ' * not an example',
    ' * ```',
    ' * @example',
    ' * ```ts',
    ' * doIt(); // 1',
    ' *   indented();',
    ' * ```',
    ' * ```text output',
    ' * 1',
    ' * ```',
    ' * @see man page',
    ' * ```ts',
    ' * not an example either',
    ' * ```',
    ' */',
    'export function doIt() {}',
    '/* @example',
    ' ```ts',
    ' not a docblock',
    ' ```',
    '*/',
  ].join('\n');
  expect(docblockSnippets('a.ts', source)).toEqual([
    { file: 'a.ts', line: 9, code: 'doIt(); // 1\n  indented();\n', expectedOutput: '1\n' },
  ]);
});
