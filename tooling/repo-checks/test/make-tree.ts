import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { temporaryDirectory } from '@osx/test-support';

import { openRepository, type Repository } from '../src/repository.ts';

export type Tree = Record<string, string | object | null>;

/** A made-up repository on disk. Objects are written as JSON, null leaves a file out. Gone when disposed of. */
export function makeTree(tree: Tree): { repository: Repository; root: string; [Symbol.dispose](): void } {
  const directory = temporaryDirectory('repo-checks');
  for (const [path, content] of Object.entries(tree)) {
    if (content === null) continue;
    const file = join(directory.path, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, typeof content === 'string' ? content : `${JSON.stringify(content, null, 2)}\n`);
  }
  return {
    repository: openRepository(directory.path),
    root: directory.path,
    [Symbol.dispose]: () => directory[Symbol.dispose](),
  };
}

/** A manifest as every package has it. */
export function manifest(name: string, fields: object = {}): Record<string, unknown> {
  return {
    name: `@osx/${name}`,
    version: '0.0.0',
    description: `What ${name} is for`,
    keywords: [name],
    license: 'MIT',
    type: 'module',
    sideEffects: false,
    engines: { node: '>=22.18' },
    files: ['dist', 'README.md', 'CHANGELOG.md', 'LICENSE'],
    exports: { '.': './src/index.ts' },
    publishConfig: {
      access: 'public',
      exports: { '.': { types: './dist/index.d.ts', default: './dist/index.js' } },
    },
    scripts: { build: 'tsup && tsc -p tsconfig.build.json' },
    ...fields,
  };
}

const readme = (name: string): string =>
  [
    `# @osx/${name}`,
    '## Why',
    '## Install',
    '## Example',
    '```ts run',
    'console.log(1);',
    '```',
    '',
    '```text output',
    '1',
    '```',
    '## API',
    '## Platforms',
    '## Errors',
    '## What it does not do',
    '',
  ].join('\n');

/** The files of one package that breaks no rule, with `overrides` laid over them (null takes a file away). */
export function goodPackage(name: string, overrides: Tree = {}): Tree {
  const files: Tree = {
    'package.json': manifest(name),
    'README.md': readme(name),
    LICENSE: 'the licence\n',
    'tsconfig.json': { extends: '@osx/build-config/tsconfig.base.json' },
    'tsconfig.build.json': { extends: '@osx/build-config/tsconfig.base.json' },
    'tsup.config.ts': "import { packageBuild } from '@osx/build-config/tsup';\n",
    'src/index.ts': "/** What it is. */\nexport { answer } from './answer.ts';\n",
    'src/answer.ts': 'export function answer(): number {\n  return 42;\n}\n',
    'test/answer.test.ts': "import { answer } from '../src/answer.ts';\nvoid answer;\n",
    ...overrides,
  };
  return Object.fromEntries(Object.entries(files).map(([path, content]) => [`packages/${name}/${path}`, content]));
}

/** A root with a layer table of these packages. */
export function goodRoot(layerOf: Record<string, string>, overrides: Tree = {}): Tree {
  return {
    'package.json': { private: true, devDependencies: { '@osx/build-config': 'workspace:*', vitest: '5.1.0' } },
    LICENSE: 'the licence\n',
    'tooling/repo-checks/layers.json': {
      layers: ['foundation', 'native', 'descriptor', 'platform', 'feature'],
      packages: layerOf,
    },
    ...overrides,
  };
}
