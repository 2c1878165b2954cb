import { expect, test } from 'vitest';

import { layersCheck } from '../src/checks/layers.ts';
import { goodPackage, goodRoot, makeTree, manifest, type Tree } from './make-tree.ts';

const layerOf = {
  errors: 'foundation',
  'native-ffi': 'native',
  linux: 'platform',
  bsd: 'platform',
  fcntl: 'feature',
  atomics: 'feature',
};

const goodTree: Tree = {
  ...goodRoot(layerOf),
  ...goodPackage('errors'),
  ...goodPackage('native-ffi', {
    'package.json': manifest('native-ffi', { dependencies: { koffi: '3.3.4', '@osx/errors': 'workspace:^' } }),
    'src/answer.ts': [
      "import { createRequire } from 'node:module';",
      "import { answer as other } from '@osx/errors';",
      "export const answer = (): unknown => [createRequire(import.meta.url)('koffi'), other];",
    ].join('\n'),
  }),
  ...goodPackage('linux', {
    'package.json': manifest('linux', {
      exports: { './inotify': './src/index.ts' },
      dependencies: { '@osx/native-ffi': 'workspace:^' },
    }),
    'src/answer.ts': "import { answer as other } from '@osx/native-ffi';\nexport const answer = other;\n",
  }),
  ...goodPackage('bsd'),
  ...goodPackage('fcntl', {
    'package.json': manifest('fcntl', { optionalDependencies: { '@osx/linux': 'workspace:^' } }),
    'src/select-backend.ts': [
      "import { createRequire } from 'node:module';",
      "import type * as inotify from '@osx/linux/inotify';",
      "const name = '@osx/linux/inotify';",
      'export const backend = (): typeof inotify => createRequire(import.meta.url)(name) as typeof inotify;',
    ].join('\n'),
    'src/answer.ts': "import { backend } from './select-backend.ts';\nexport const answer = backend;\n",
  }),
  ...goodPackage('atomics', {
    'package.json': manifest('atomics', { dependencies: { '@osx/fcntl': 'workspace:^' } }),
    'src/answer.ts': "export { answer } from '@osx/fcntl';\n",
  }),
};

async function problemsOf(changes: Tree): Promise<string[]> {
  using tree = makeTree({ ...goodTree, ...changes });
  return (await layersCheck.run(tree.repository)).problems;
}

test('a tree that keeps the layers passes', async () => {
  expect(await problemsOf({})).toEqual([]);
});

const answer = (text: string): string => `${text}\nexport const answer = 1;\n`;

test.each<[string, Tree, RegExp]>([
  [
    'an import that goes up',
    { 'packages/errors/src/answer.ts': answer("import '@osx/native-ffi';") },
    /errors\/src\/answer\.ts:1: errors \(foundation\) may not import native-ffi \(native\)/,
  ],
  [
    'an import that goes up, for its types only',
    { 'packages/errors/src/answer.ts': answer("import type { A } from '@osx/native-ffi';") },
    /may not import native-ffi/,
  ],
  [
    'an import that goes up, dynamic',
    { 'packages/errors/src/answer.ts': answer("export const load = () => import('@osx/native-ffi');") },
    /may not import native-ffi/,
  ],
  [
    'packages of one layer that import each other',
    {
      'packages/fcntl/src/answer.ts': answer("import '@osx/atomics';"),
      'packages/fcntl/package.json': manifest('fcntl', {
        dependencies: { '@osx/atomics': 'workspace:^' },
        optionalDependencies: { '@osx/linux': 'workspace:^' },
      }),
    },
    /in a circle: (fcntl -> atomics -> fcntl|atomics -> fcntl -> atomics)/,
  ],
  ['a package without a layer', goodPackage('surprise'), /packages\/surprise: stands on no layer/],
  [
    'a layer that does not exist',
    { 'tooling/repo-checks/layers.json': { layers: ['foundation'], packages: { ...layerOf, errors: 'cellar' } } },
    /'cellar', the layer of errors/,
  ],
  [
    'a row for a package that is gone',
    {
      'tooling/repo-checks/layers.json': {
        layers: ['foundation', 'native', 'platform', 'feature'],
        packages: { ...layerOf, gone: 'native' },
      },
    },
    /there is no package 'gone'/,
  ],
  [
    'koffi imported by another',
    { 'packages/errors/src/answer.ts': answer("import koffi from 'koffi';") },
    /only native-ffi may import koffi/,
  ],
  [
    'koffi required by another',
    {
      'packages/errors/src/answer.ts': answer(
        "import { createRequire } from 'node:module';\ncreateRequire(import.meta.url)('koffi');",
      ),
    },
    /errors\/src\/answer\.ts:2: only native-ffi may import koffi/,
  ],
  [
    'koffi in an example',
    { 'examples/ledger/src/main.ts': "import 'koffi';\n" },
    /examples\/ledger\/src\/main\.ts:1: only native-ffi/,
  ],
  [
    'a platform package imported statically',
    { 'packages/fcntl/src/select-backend.ts': "import * as backend from '@osx/linux/inotify';\nexport { backend };\n" },
    /select-backend\.ts:1: @osx\/linux may be absent: load it with createRequire/,
  ],
  [
    'a platform package required elsewhere',
    {
      'packages/fcntl/src/answer.ts': answer("const require = (name: string) => name;\nrequire('@osx/linux/inotify');"),
    },
    /reaches @osx\/linux only from src\/select-backend\.ts/,
  ],
  [
    'a platform package that is a hard dependency',
    { 'packages/fcntl/package.json': manifest('fcntl', { dependencies: { '@osx/linux': 'workspace:^' } }) },
    /@osx\/linux must be an optionalDependency/,
  ],
  [
    'using in src',
    { 'packages/errors/src/answer.ts': 'export function answer(a: Disposable) {\n  using b = a;\n  return b;\n}\n' },
    /answer\.ts:2: 'using' in src/,
  ],
  [
    'top-level await',
    { 'packages/errors/src/answer.ts': 'export const answer = await Promise.resolve(1);\n' },
    /answer\.ts:1: top-level await/,
  ],
  [
    'top-level for await',
    { 'packages/errors/src/answer.ts': answer('for await (const one of [1]) void one;') },
    /top-level await/,
  ],
  [
    'a relative import without .ts',
    { 'packages/errors/src/index.ts': "/** */\nexport { answer } from './answer';\n" },
    /index\.ts:2: relative import '\.\/answer' must end in \.ts/,
  ],
  [
    'a relative import of .js in a tool',
    { 'tooling/repo-checks/src/a.ts': "import './b.js';\n" },
    /tooling\/repo-checks\/src\/a\.ts:1: relative import/,
  ],
  [
    "Node's modules without node:",
    { 'packages/errors/src/answer.ts': answer("import 'fs';") },
    /must be written 'node:fs'/,
  ],
  [
    'a way out of src',
    { 'packages/errors/src/answer.ts': answer("import '../../native-ffi/src/answer.ts';") },
    /reaches out of src/,
  ],
  [
    'a test that reads a neighbour by path',
    { 'packages/errors/test/answer.test.ts': "import '../../fcntl/src/answer.ts';\n" },
    /reaches out of the package/,
  ],
  [
    'a private file of another package',
    { 'packages/atomics/src/answer.ts': "export { answer } from '@osx/fcntl/src/answer.ts';\n" },
    /is not an export of @osx\/fcntl/,
  ],
  ['itself by name', { 'packages/errors/src/answer.ts': answer("import '@osx/errors';") }, /by relative path/],
  [
    'a private tool in src',
    { 'packages/errors/src/answer.ts': answer("import '@osx/test-support';") },
    /not a published package/,
  ],
  [
    'a dependency that is not declared',
    { 'packages/linux/package.json': manifest('linux', { exports: { './inotify': './src/index.ts' } }) },
    /linux\/package\.json: src imports @osx\/native-ffi, which is not a dependency/,
  ],
  [
    'a dependency that is not used',
    { 'packages/errors/package.json': manifest('errors', { dependencies: { 'left-pad': '1.0.0' } }) },
    /left-pad is imported nowhere/,
  ],
  [
    'a devDependency that is not used',
    { 'packages/errors/package.json': manifest('errors', { devDependencies: { '@osx/test-support': 'workspace:*' } }) },
    /devDependency @osx\/test-support is imported nowhere/,
  ],
  [
    'a test that imports what is not declared',
    { 'packages/errors/test/answer.test.ts': "import 'left-pad';\n" },
    /tests import left-pad, which is not a devDependency/,
  ],
  [
    'a test that needs a higher layer',
    {
      'packages/errors/test/answer.test.ts': "import '@osx/fcntl';\n",
      'packages/errors/package.json': manifest('errors', { devDependencies: { '@osx/fcntl': 'workspace:*' } }),
    },
    /is of a higher layer/,
  ],
  ['a file that does not parse', { 'packages/errors/src/answer.ts': 'export const = 1;\n' }, /answer\.ts:1: /],
])('%s is caught', async (_, changes, expected) => {
  const problems = await problemsOf(changes);
  expect(problems.join('\n')).toMatch(expected);
});

test('what only looks like an import is none', async () => {
  const text = [
    "// import 'koffi'",
    'export const answer = "import x from \'koffi\'";',
    'export type Using = { using: 1 };',
  ];
  expect(await problemsOf({ 'packages/errors/src/answer.ts': text.join('\n') })).toEqual([]);
});

test('await and using inside functions and in tests are fine', async () => {
  const source =
    'export async function answer(): Promise<void> {\n  await 1;\n  for await (const x of [1]) void x;\n}\n';
  const changes = {
    'packages/errors/src/answer.ts': source,
    'packages/errors/test/answer.test.ts': 'using a = null;\nawait 1;\nvoid a;\n',
  };
  expect(await problemsOf(changes)).toEqual([]);
});
