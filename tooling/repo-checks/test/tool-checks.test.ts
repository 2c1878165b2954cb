import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { formatCheck, lintCheck, typesCheck, unusedCheck } from '../src/checks/tool-checks.ts';
import { workspaceRoot } from '../src/workspace-tools.ts';
import { makeTree, type Tree } from './make-tree.ts';

const goodTree: Tree = {
  'package.json': { name: 'tree', type: 'module', main: './packages/a/src/a.ts' },
  'tsconfig.json': '{ "compilerOptions": { "strict": true, "module": "nodenext" }, "include": ["packages"] }\n',
  '.oxfmtrc.json': readFileSync(join(workspaceRoot, '.oxfmtrc.json'), 'utf8'),
  '.oxlintrc.json': readFileSync(join(workspaceRoot, '.oxlintrc.json'), 'utf8'),
  'packages/a/src/a.ts': 'export async function answer(): Promise<number> {\n  return await Promise.resolve(42);\n}\n',
};

const more = (line: string): Tree => ({
  'packages/a/src/a.ts': `${goodTree['packages/a/src/a.ts'] as string}${line}\n`,
});

const checks = [
  [typesCheck, more('export const text: string = 1;'), /a\.ts\(4,14\): error TS2322/],
  [formatCheck, more('export const   text = 1'), /packages\/a\/src\/a\.ts/],
  [unusedCheck, { 'packages/a/src/orphan.ts': 'export const orphan = 1;\n' }, /orphan\.ts/],
  [lintCheck, more('export function start(): void {\n  answer();\n}'), /no-floating-promises/],
  [lintCheck, more('export default answer;'), /no-default-export/],
  [lintCheck, more("import koffi from 'koffi';\nexport { koffi };"), /no-restricted-imports/],
  [lintCheck, more("export const a: any = JSON.parse('1');"), /no-explicit-any/],
  [lintCheck, more('export function say(): void {\n  console.log(1);\n}'), /no-console/],
] as const;

test.each(checks)('$name catches what it is for', async (check, changes, expected) => {
  using good = makeTree(goodTree);
  expect(await check.run(good.repository)).toEqual({ problems: [] });
  using bad = makeTree({ ...goodTree, ...changes });
  expect((await check.run(bad.repository)).problems.join('\n')).toMatch(expected);
});

test('a tool that cannot be run is no pass', async () => {
  using tree = makeTree(goodTree);
  const elsewhere = { ...tree.repository, root: join(tree.root, 'gone') };
  expect((await typesCheck.run(elsewhere)).problems.join('\n')).toMatch(/^tsc .*: exit null/);
});
