import { expect, test } from 'vitest';

import { machinePathsCheck } from '../src/checks/machine-paths.ts';
import { makeTree } from './make-tree.ts';

async function problemsOf(line: string): Promise<string[]> {
  using tree = makeTree({ 'docs/a.md': `first\n${line}\n` });
  const { problems } = await machinePathsCheck.run(tree.repository);
  return problems;
}

// Put together here, so that this file passes its own check.
const slash = '/';
const traces = [
  `cd ${slash}work${slash}main`,
  `at file://${slash}root${slash}a.ts:1`,
  `"${slash}home${slash}ada${slash}osx"`,
  `see ${slash}work`,
  `https://${['registry', 'npmjs', 'org'].join('.')}/koffi`,
  `deb http://${['deb', 'debian', 'org'].join('.')}/debian`,
  ['-----BEGIN', 'RSA', 'PRIVATE KEY-----'].join(' '),
  `token npm_${'a'.repeat(36)}`,
  ['//example.test/:', 'authToken=secret'].join('_'),
];

test.each(traces)('%s is caught', async (line) => {
  expect((await problemsOf(line)).join('\n')).toMatch(/^docs\/a\.md:2: /);
});

test.each([
  'cd packages/work/main',
  './home/ada',
  'https://example.test/root/a',
  '/proc/self/root',
  '`/tmp/x`',
  '../work/a',
  '/workers/a',
])('%s passes', async (line) => {
  expect(await problemsOf(line)).toEqual([]);
});

test('a binary file is not read as text', async () => {
  expect(await problemsOf(`\0${traces[0] ?? ''}`)).toEqual([]);
});
