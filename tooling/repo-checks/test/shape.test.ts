import { chmodSync } from 'node:fs';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { shapeCheck } from '../src/checks/shape.ts';
import { goodPackage, goodRoot, makeTree, manifest, type Tree } from './make-tree.ts';

const goodTree: Tree = { ...goodRoot({ errors: 'foundation' }), ...goodPackage('errors') };
const goodReadme = goodTree['packages/errors/README.md'] as string;

async function check(changes: Tree, base: Tree = goodTree): ReturnType<typeof shapeCheck.run> {
  using tree = makeTree({ ...base, ...changes });
  return await shapeCheck.run(tree.repository);
}

function lines(count: number): string {
  return `export function answer(): void {\n${'  void 0;\n'.repeat(count - 2)}}\n`;
}

test('a package of the right shape passes', async () => {
  expect(await check({})).toEqual({ problems: [], warnings: [] });
});

/** A package with one command, of which something may be wrong. */
const command = (fields: object = {}, source: string | null = '#!/usr/bin/env node\nvoid 0;\n'): Tree => ({
  'packages/errors/package.json': manifest('errors', {
    bin: { oops: './src/oops.ts' },
    publishConfig: {
      access: 'public',
      bin: { oops: './dist/oops.js' },
      exports: { '.': { types: './dist/index.d.ts', default: './dist/index.js' } },
    },
    ...fields,
  }),
  'packages/errors/src/oops.ts': source,
});

test('a package with a command passes', async () => {
  using tree = makeTree({ ...goodTree, ...command() });
  chmodSync(join(tree.root, 'packages/errors/src/oops.ts'), 0o755);
  expect(await shapeCheck.run(tree.repository)).toEqual({ problems: [], warnings: [] });
});

/** A package whose preload does something when it is loaded. */
const preload = (fields: object = {}): Tree => ({
  'packages/errors/package.json': manifest('errors', {
    sideEffects: ['./src/register.ts', './dist/register.js'],
    exports: { '.': './src/index.ts', './register': './src/register.ts' },
    publishConfig: {
      access: 'public',
      exports: {
        '.': { types: './dist/index.d.ts', default: './dist/index.js' },
        './register': { types: './dist/register.d.ts', default: './dist/register.js' },
      },
    },
    ...fields,
  }),
  'packages/errors/src/register.ts': "/** */\nimport { answer } from './answer.ts';\n\nanswer();\n",
});

test('a package with a preload passes', async () => {
  expect(await check(preload())).toEqual({ problems: [], warnings: [] });
});

const field = (fields: object): Tree => ({ 'packages/errors/package.json': manifest('errors', fields) });

test.each<[string, Tree, RegExp]>([
  ['no README', { 'packages/errors/README.md': null }, /README\.md: missing/],
  ['no LICENSE', { 'packages/errors/LICENSE': null }, /LICENSE: missing/],
  ['another LICENSE', { 'packages/errors/LICENSE': 'mine\n' }, /LICENSE: differs/],
  ['no tsconfig', { 'packages/errors/tsconfig.json': null }, /tsconfig\.json: missing/],
  ['a tsconfig of its own', { 'packages/errors/tsconfig.build.json': {} }, /tsconfig\.build\.json: must extend/],
  ['a build of its own', { 'packages/errors/tsup.config.ts': 'export {};\n' }, /must use packageBuild/],
  ['no tests', { 'packages/errors/test/answer.test.ts': null }, /test: has no \*\.test\.ts/],
  [
    'a README that names another package',
    { 'packages/errors/README.md': goodReadme.replace('@osx/errors', 'errors') },
    /first heading/,
  ],
  [
    'a README that gives no reason',
    { 'packages/errors/README.md': goodReadme.replace('## Why\n', '') },
    /no section says 'why/,
  ],
  [
    'a README without limits',
    { 'packages/errors/README.md': goodReadme.replace('## What it does not do', '') },
    /what it does not do/,
  ],
  [
    'an example without output',
    { 'packages/errors/README.md': goodReadme.replace('text output', 'text') },
    /no '```ts run' block/,
  ],
  ['another name', field({ name: 'errors' }), /name must be @osx\/errors/],
  ['no version', field({ version: undefined }), /version must be/],
  ['private', field({ private: true }), /private must be absent/],
  ['no description', field({ description: '' }), /description must be/],
  ['another license', field({ license: 'ISC' }), /license must be MIT/],
  [
    'no entry at all',
    field({ exports: {}, publishConfig: { access: 'public' } }),
    /exports must name at least one entry/,
  ],
  ['CommonJS', field({ type: 'commonjs' }), /type must be module/],
  ['side effects', field({ sideEffects: true }), /sideEffects must be false/],
  ['another Node', field({ engines: { node: '>=18' } }), /engines must be/],
  ['more files published', field({ files: ['dist', 'src', 'README.md', 'CHANGELOG.md', 'LICENSE'] }), /files must be/],
  [
    'an install script',
    field({ scripts: { build: 'tsup && tsc -p tsconfig.build.json', postinstall: 'x' } }),
    /scripts\.postinstall must be absent/,
  ],
  ['main besides exports', field({ main: './dist/index.js' }), /main, module and types must be absent/],
  ['a range for koffi', field({ dependencies: { koffi: '^3.3.4' } }), /koffi must be one exact version/],
  [
    'a foreign range for a neighbour',
    field({ dependencies: { '@osx/fds': '^1.0.0' } }),
    /range of @osx\/fds must be workspace/,
  ],
  ['restricted access', field({ publishConfig: { exports: {} } }), /publishConfig\.access must be public/],
  [
    'exports to dist in the workspace',
    field({ exports: { '.': './dist/index.js' } }),
    /must be a \.\/src\/\*\.ts file/,
  ],
  [
    'an entry that is not published',
    field({ exports: { '.': './src/index.ts', './more': './src/more.ts' } }),
    /must name the same entries/,
  ],
  [
    'an entry published from elsewhere',
    field({
      publishConfig: { access: 'public', exports: { '.': { types: './dist/main.d.ts', default: './dist/index.js' } } },
    }),
    /publishConfig\.exports\['\.'\] must be/,
  ],
  ['an entry that is not there', { 'packages/errors/src/index.ts': null }, /src\/index\.ts: missing, but exported/],
  [
    'code in the entry file',
    { 'packages/errors/src/index.ts': '/** */\nexport const answer = 1;\n' },
    /index\.ts:2: an entry file holds named re-exports only/,
  ],
  ['a preload without side effects', preload({ sideEffects: false }), /sideEffects must be/],
  ['export *', { 'packages/errors/src/index.ts': "/** */\nexport * from './answer.ts';\n" }, /named re-exports only/],
  [
    'an entry without docblock',
    { 'packages/errors/src/index.ts': "export { answer } from './answer.ts';\n" },
    /starts with a docblock/,
  ],
  ['JavaScript in src', { 'packages/errors/src/old.js': '' }, /src holds TypeScript only/],
  ['a test in src', { 'packages/errors/src/answer.test.ts': '' }, /tests stand in test/],
  ['a file that is far too long', { 'packages/errors/src/answer.ts': lines(401) }, /401 lines, the limit is 400/],
  ['a command that is not there', command({}, null), /src\/oops\.ts: missing, but a command/],
  ['a command without #!', command({}, 'void 0;\n'), /oops\.ts:1: a command starts with #!/],
  ['a command that is not executable', command(), /oops\.ts: a command must be executable/],
  ['a command outside src', command({ bin: { oops: './oops.ts' } }), /bin\['oops'\] must be a \.\/src\/\*\.ts file/],
  ['a command that is not published', command({ bin: {} }), /must name the same commands/],
  [
    'a command published from elsewhere',
    command({ bin: { oops: './src/other.ts' } }),
    /publishConfig\.bin\['oops'\] must be \.\/dist\/other\.js/,
  ],
  ['a drawer', { 'packages/errors/src/utils.ts': '' }, /'utils\.ts' says nothing/],
  ['a drawer as directory', { 'packages/errors/src/common/a.ts': '' }, /'common' says nothing/],
  ['camelCase', { 'packages/errors/src/myFile.ts': '' }, /'myFile\.ts' is not in kebab-case/],
  ['a test outside test/', { 'tooling/repo-checks/src/a.test.ts': '' }, /tests are test/],
])('%s is caught', async (_, changes, expected) => {
  const { problems } = await check(changes);
  expect(problems.join('\n')).toMatch(expected);
});

test('a platform package names its systems', async () => {
  const { problems } = await check({
    'tooling/repo-checks/layers.json': { layers: ['platform'], packages: { errors: 'platform' } },
  });
  expect(problems.join('\n')).toMatch(/os must be the systems/);
});

test('over 300 lines is a warning, and none for a table', async () => {
  expect((await check({ 'packages/errors/src/answer.ts': lines(301) })).warnings).toHaveLength(1);
  const table = `export const table = {\n${Array.from({ length: 500 }, (_, i) => `  a${i}: ${i},\n`).join('')}};\n`;
  expect(await check({ 'packages/errors/src/table.ts': table })).toEqual({ problems: [], warnings: [] });
});
