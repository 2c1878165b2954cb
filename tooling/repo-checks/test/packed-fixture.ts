import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';

import type { PackedPackage } from '../src/packed-packages.ts';
import { filesUnder } from '../src/repository.ts';
import { makeTree, manifest, type Tree } from './make-tree.ts';

/** A package with its tarball, unpacked in a project, as if it had been built from `files`. */
export function packedFixture(
  name: string,
  files: Tree,
  fields: object = {},
): PackedPackage & { project: string; [Symbol.dispose](): void } {
  const published = manifest(name, {
    exports: { '.': { types: './dist/index.d.ts', default: './dist/index.js' } },
    publishConfig: { access: 'public' },
    ...fields,
  });
  const papers: Tree = { 'package.json': published, 'README.md': `# @osx/${name}\n`, LICENSE: 'the licence\n' };
  const entries = Object.entries({ ...papers, ...files }).map(
    ([path, content]) => [`package/${path}`, content] as const,
  );
  const tree = makeTree(Object.fromEntries(entries));
  const source = join(tree.root, 'package');
  const project = join(tree.root, 'project');
  const directory = join(project, 'node_modules/@osx', name);
  mkdirSync(dirname(directory), { recursive: true });
  cpSync(source, directory, { recursive: true });
  const contents = ['package.json', 'README.md', 'LICENSE', 'dist'].filter((path) => existsSync(join(source, path)));
  const tarball = join(tree.root, `osx-${name}-0.0.0.tgz`);
  spawnSync('tar', ['-czf', tarball, '-C', tree.root, ...contents.map((path) => `package/${path}`)]);
  const dist = filesUnder(join(source, 'dist')).map((path) => `dist/${path}`);
  return {
    workspacePackage: {
      directoryName: name,
      directory: source,
      manifest: published as unknown as PackedPackage['manifest'],
    },
    tarball,
    files: [...contents.filter((path) => path !== 'dist'), ...dist],
    directory,
    manifest: published as unknown as PackedPackage['manifest'],
    project,
    [Symbol.dispose]: () => tree[Symbol.dispose](),
  };
}
