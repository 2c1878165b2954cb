import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { buildCheck } from '../src/checks/build.ts';
import { distCheck } from '../src/checks/dist.ts';
import { packedCheck } from '../src/checks/packed.ts';
import { packedPackages } from '../src/packed-packages.ts';
import { readManifest } from '../src/repository.ts';
import { workspaceRoot } from '../src/workspace-tools.ts';
import { goodPackage, makeTree, manifest, type Tree } from './make-tree.ts';

function workspace(build: string): Tree {
  return {
    'package.json': { name: 'tree', private: true, packageManager: readManifest(workspaceRoot)['packageManager'] },
    'pnpm-workspace.yaml': 'packages:\n  - packages/*\npmOnFail: ignore\n',
    'turbo.json': { tasks: { build: { outputs: ['dist/**'] } } },
    '.gitignore': 'node_modules\ndist\n.turbo\n',
    ...goodPackage('errors', { 'package.json': manifest('errors', { scripts: { build } }) }),
  };
}

test('what is built is packed as it will be published', async () => {
  using tree = makeTree(workspace('mkdir dist && echo "export {};" > dist/index.js'));
  expect(await buildCheck.run(tree.repository)).toEqual({ problems: [] });
  const packed = await packedPackages(tree.repository);
  if ('failure' in packed) throw new Error(packed.failure);
  const [one] = packed.packages;
  expect(one?.files).toEqual(['LICENSE', 'README.md', 'dist/index.js', 'package.json']);
  expect(one?.manifest.exports).toEqual({ '.': { types: './dist/index.d.ts', default: './dist/index.js' } });
  expect(existsSync(join(packed.project, 'node_modules/@osx/errors/dist/index.js'))).toBe(true);
});

test('a build that fails is told once', async () => {
  using tree = makeTree(workspace('echo it is broken && exit 3'));
  expect((await buildCheck.run(tree.repository)).problems.join('\n')).toMatch(
    /turbo run build: exit \d+\n[^]*it is broken/,
  );
  for (const check of [distCheck, packedCheck]) {
    expect(await check.run(tree.repository)).toEqual({ problems: [], skipped: "see the check 'build'" });
  }
});
