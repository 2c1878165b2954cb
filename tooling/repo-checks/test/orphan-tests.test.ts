import { expect, test } from 'vitest';

import { orphanTestsCheck } from '../src/checks/orphan-tests.ts';
import { makeTree, type Tree } from './make-tree.ts';

const configuration = (include: string, exclude = '[]'): string =>
  `export default { test: { include: ['${include}'], exclude: ${exclude} } };\n`;

const goodTree: Tree = {
  'package.json': { type: 'module' },
  'vitest.config.ts': configuration('packages/*/test/**/*.test.ts', "['**/*.soak.test.ts']"),
  'vitest.soak.config.ts': configuration('packages/*/test/**/*.soak.test.ts'),
  'packages/a/test/a.test.ts': '',
  'packages/a/test/a.soak.test.ts': '',
};

async function problemsOf(changes: Tree): Promise<string[]> {
  using tree = makeTree({ ...goodTree, ...changes });
  const { problems } = await orphanTestsCheck.run(tree.repository);
  return problems;
}

test('every test included once passes', async () => {
  expect(await problemsOf({})).toEqual([]);
});

test('a test that no configuration includes is caught', async () => {
  expect(await problemsOf({ 'tooling/b/test/b.test.ts': '' })).toEqual([
    'tooling/b/test/b.test.ts: no vitest configuration includes this test',
  ]);
});

test('a test that two configurations include is caught', async () => {
  expect(await problemsOf({ 'vitest.config.ts': configuration('packages/*/test/**/*.test.ts') })).toEqual([
    'packages/a/test/a.soak.test.ts: is run twice, by vitest.config.ts and vitest.soak.config.ts',
  ]);
});

test('a root without a configuration, or with a broken one, is caught', async () => {
  expect(await problemsOf({ 'vitest.config.ts': null, 'vitest.soak.config.ts': null })).toHaveLength(1);
  expect((await problemsOf({ 'vitest.config.ts': 'export default {{\n' })).join('\n')).toMatch(
    /vitest list .*: exit 1/,
  );
});
