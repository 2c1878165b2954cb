import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { expect, test } from 'vitest';

import {
  bundleProblems,
  contentProblems,
  declarationProblems,
  linterProblems,
  probeImport,
  sizeProblems,
} from '../src/checks/dist.ts';
import { makeTree, type Tree } from './make-tree.ts';
import { packedFixture } from './packed-fixture.ts';

const source: Tree = {
  'src/index.ts':
    "import { join } from 'node:path';\nimport { one } from '@osx/errors';\nexport const two = join(one);\n",
};
const built: Tree = {
  'dist/index.js':
    "import { one } from '@osx/errors';\n\n// src/index.ts\nvar { join } = process.getBuiltinModule('node:path');\nvar two = join(one);\nexport { two };\n",
  'dist/index.d.ts':
    "import type { One } from '@osx/errors';\nimport type { Own } from './internal/own.ts';\nexport declare const two: One | Own;\n",
  'dist/internal/own.d.ts': 'export type Own = 1;\n',
};

function packed(changes: Tree = {}): ReturnType<typeof packedFixture> {
  return packedFixture('feature', { ...source, ...built, ...changes }, { dependencies: { '@osx/errors': '^0.0.0' } });
}

test('a package as it should be passes', () => {
  using one = packed();
  expect([...contentProblems(one), ...bundleProblems(one), ...declarationProblems(one)]).toEqual([]);
});

test.each<[string, Tree, RegExp]>([
  ['a source file published', { 'dist/index.ts': '' }, /publishes dist\/index\.ts/],
  ['a source map published', { 'dist/index.js.map': '{}' }, /publishes dist\/index\.js\.map/],
  ['no README published', { 'README.md': null }, /does not publish README\.md/],
  ['an export without file', { 'dist/index.d.ts': null }, /exports \.\/dist\/index\.d\.ts, which it does not publish/],
])('%s is caught', (_, changes, expected) => {
  using one = packed(changes);
  expect(contentProblems(one).join('\n')).toMatch(expected);
});

test.each<[string, string | null, number, string[]]>([
  ['as it should be', '#!/usr/bin/env node\n', 0o755, []],
  ['not published', null, 0, ['does not publish the command oops (./dist/oops.js)']],
  ['without its first line', 'void 0;\n', 0o755, ['publishes the command oops (./dist/oops.js) without its #!']],
  ['not executable', '#!/usr/bin/env node\n', 0o644, ['publishes the command oops (./dist/oops.js) not executable']],
])('a command %s', (_, content, mode, expected) => {
  using one = packedFixture(
    'feature',
    { ...source, ...built, 'dist/oops.js': content },
    { bin: { oops: './dist/oops.js' } },
  );
  if (content !== null) chmodSync(join(one.directory, 'dist/oops.js'), mode);
  expect(contentProblems(one)).toEqual(expected);
});

test('a range of the workspace in the published manifest is caught', () => {
  using one = packedFixture('feature', { ...source, ...built }, { dependencies: { '@osx/errors': 'workspace:^' } });
  expect(contentProblems(one)).toEqual(["its manifest still says 'workspace:'"]);
});

test.each<[string, string, RegExp]>([
  ['an inlined package', 'var one = 1;\nvar two = one;\n', /src\/index\.ts imports '@osx\/errors', dist does not/],
  [
    'code from a neighbour',
    `${built['dist/index.js'] as string}// ../errors/src/index.ts\n`,
    /holds code of \.\.\/errors\/src/,
  ],
  [
    'code from node_modules',
    `${built['dist/index.js'] as string}// ../../node_modules/koffi/index.js\n`,
    /holds code of .*koffi/,
  ],
  [
    "the ES module face of one of Node's modules",
    `import { join } from 'node:path';\n${built['dist/index.js'] as string}`,
    /imports 'node:path', which the build should have taken/,
  ],
  ['the helper of using', `${built['dist/index.js'] as string}var __using = 1;\n`, /helpers of 'using'/],
])('%s is caught', (_, code, expected) => {
  using one = packed({ 'dist/index.js': code });
  expect(bundleProblems(one).join('\n')).toMatch(expected);
});

test.each<[string, Tree, RegExp]>([
  [
    'a declaration that is missing',
    { 'dist/internal/own.d.ts': null },
    /imports '\.\/internal\/own\.ts', which it does not publish/,
  ],
  [
    'types of an optional package',
    { 'dist/index.d.ts': "export type { A } from '@osx/linux/inotify';\n" },
    /needs the types of '@osx\/linux\/inotify'/,
  ],
  [
    'types named inside a type',
    { 'dist/index.d.ts': "export declare const a: import('koffi').Type;\n" },
    /needs the types of 'koffi'/,
  ],
])('%s is caught', (_, changes, expected) => {
  using one = packed(changes);
  expect(declarationProblems(one).join('\n')).toMatch(expected);
});

test('declarations that no entry leads to may need what is not installed', () => {
  using one = packed({ 'dist/select-backend.d.ts': "export type { A } from '@osx/linux/inotify';\n" });
  expect(declarationProblems(one)).toEqual([]);
});

test("koffi loaded by esbuild's name for require is still loaded", () => {
  using one = packedFixture('native-ffi', {
    'src/index.ts': "const require = createRequire(import.meta.url);\nrequire('koffi');\n",
    'dist/index.js': "const require2 = createRequire(import.meta.url);\nrequire2('koffi');\n",
  });
  expect(bundleProblems(one)).toEqual([]);
});

test('publint and attw look at the tarball', async () => {
  using good = packedFixture('plain', {
    'dist/index.js': 'export const a = 1;\n',
    'dist/index.d.ts': 'export declare const a: number;\n',
  });
  expect(await linterProblems(good)).toEqual([]);
  using untyped = packedFixture('plain', { 'dist/index.js': 'export const a = 1;\n' });
  expect((await linterProblems(untyped)).join('\n')).toMatch(/publint .*: exit 1/);
  // CommonJS by its name, ESM by its code.
  using masked = packedFixture(
    'plain',
    { 'dist/index.js': 'export const a = 1;\n', 'dist/index.d.cts': 'export declare const a: number;\n' },
    { exports: { '.': { types: './dist/index.d.cts', default: './dist/index.js' } } },
  );
  expect((await linterProblems(masked)).join('\n')).toMatch(/attw .*: exit 1/);
});

test('a package over its budget, and one without, are caught', async () => {
  const modules = Array.from({ length: 500 }, (_, index) => `export const name${index} = ${Math.sin(index)};\n`).join(
    '',
  );
  using one = packedFixture('plain', { 'dist/index.js': modules, 'dist/index.d.ts': 'export {};\n' });
  using root = makeTree({ 'tooling/repo-checks/size-budgets.json': { '@osx/plain': '50 kB' } });
  expect(await sizeProblems([one], one.project, root.root)).toEqual([]);
  using tight = makeTree({ 'tooling/repo-checks/size-budgets.json': { '@osx/plain': '1 kB' } });
  expect((await sizeProblems([one], one.project, tight.root)).join('\n')).toMatch(/size-limit: exit 1/);
  using absent = makeTree({ 'tooling/repo-checks/size-budgets.json': { '@osx/gone': '1 kB' } });
  expect((await sizeProblems([one], one.project, absent.root)).join('\n')).toMatch(
    /no budget for @osx\/plain\n.*nothing is called @osx\/gone/,
  );
});

test('a command has a budget of its own', async () => {
  using one = packedFixture(
    'plain',
    { 'dist/index.js': 'export {};\n', 'dist/index.d.ts': 'export {};\n', 'dist/oops.js': '#!/usr/bin/env node\n' },
    { bin: { oops: './dist/oops.js' } },
  );
  using root = makeTree({ 'tooling/repo-checks/size-budgets.json': { '@osx/plain': '1 kB' } });
  expect((await sizeProblems([one], one.project, root.root)).join('\n')).toMatch(/no budget for @osx\/plain:oops/);
  using both = makeTree({
    'tooling/repo-checks/size-budgets.json': { '@osx/plain': '1 kB', '@osx/plain:oops': '1 kB' },
  });
  expect(await sizeProblems([one], one.project, both.root)).toEqual([]);
});

test.each<[string, string, RegExp | undefined]>([
  ['nothing', 'export const a = 1;', undefined],
  [
    'functions that would',
    "import { readFileSync } from 'node:fs';\nexport const read = () => readFileSync('/etc/hostname');",
    undefined,
  ],
  [
    'a file read',
    "import { readFileSync } from 'node:fs';\nexport const a = readFileSync('/etc/hostname');",
    /calls fs\.readFileSync\(\/etc\/hostname\)/,
  ],
  [
    'a file read, promised',
    "import { readFile } from 'node:fs/promises';\nreadFile('/etc/hostname');",
    /loads node:fs\/promises/,
  ],
  [
    'a child started',
    "import { spawnSync } from 'node:child_process';\nspawnSync('true');",
    /loads node:child_process/,
  ],
  [
    'koffi loaded',
    "import { createRequire } from 'node:module';\ncreateRequire(import.meta.url)('koffi');",
    /loads koffi/,
  ],
  ["one of Node's modules loaded", "process.getBuiltinModule('node:net');", /loads node:net/],
  ['a signal handler', "process.on('SIGUSR2', () => {});", /listens to an event of the process/],
  ['a global', 'globalThis.surprise = 1;', /sets globalThis\.surprise/],
  [
    'a timer',
    'setInterval(() => {}, 1000).unref?.call; setInterval(() => {}, 1000); setTimeout(() => process.exit(), 1000);',
    /keeps the event loop busy/,
  ],
  ['top-level await', 'await Promise.resolve();', /ERR_REQUIRE_ASYNC_MODULE/],
  ['time', 'const end = Date.now() + 200; while (Date.now() < end);', /takes \d+ ms/],
])('an import that does: %s', async (_, code, expected) => {
  using one = packedFixture('plain', { 'dist/index.js': `${code}\n` });
  const koffi = join(one.project, 'node_modules/koffi/index.js');
  mkdirSync(dirname(koffi), { recursive: true });
  writeFileSync(koffi, '');
  const problems = await probeImport('@osx/plain', one.project);
  if (expected === undefined) expect(problems).toEqual([]);
  else expect(problems.join('\n')).toMatch(expected);
});
