import { existsSync, mkdirSync, readFileSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { temporaryDirectory } from '@osx/test-support';

import { commandProblems, installProject, preloadProblems, smokeProblems, typeCheck } from '../src/checks/packed.ts';
import { cachedInstall } from '../src/install-cache.ts';
import { workspaceRoot } from '../src/workspace-tools.ts';
import { packedFixture } from './packed-fixture.ts';

const nodes = [{ version: process.versions.node, executable: process.execPath }];
const usual = process.env['XDG_CACHE_HOME'];
let cache: ReturnType<typeof temporaryDirectory>;

beforeAll(() => {
  cache = temporaryDirectory('repo-checks-cache');
  process.env['XDG_CACHE_HOME'] = cache.path;
});

afterAll(() => {
  if (usual === undefined) delete process.env['XDG_CACHE_HOME'];
  else process.env['XDG_CACHE_HOME'] = usual;
  cache[Symbol.dispose]();
});

function project(program: string): { kind: 'esm'; program: string; npmArguments: string[] } {
  return { kind: 'esm', program, npmArguments: ['--offline'] };
}

test('tarballs that need each other are installed from the tarballs, optional ones left out on request', async () => {
  using lower = packedFixture('lower', { 'dist/index.js': 'export const lower = 1;\n' });
  using extra = packedFixture('extra', { 'dist/index.js': 'export const extra = 1;\n' });
  using upper = packedFixture(
    'upper',
    { 'dist/index.js': "export { lower } from '@osx/lower';\n" },
    { dependencies: { '@osx/lower': '^0.0.0' }, optionalDependencies: { '@osx/extra': '^0.0.0' } },
  );
  const all = [extra, lower, upper];
  const whole = await installProject(project('a.mjs'), all, [lower, upper]);
  if ('problem' in whole) throw new Error(whole.problem);
  expect(existsSync(join(whole.directory, 'node_modules/@osx/extra/dist/index.js'))).toBe(true);
  const without = { ...project('a.mjs'), npmArguments: ['--offline', '--omit=optional'] };
  const bare = await installProject(without, all, [lower, upper]);
  if ('problem' in bare) throw new Error(bare.problem);
  expect(existsSync(join(bare.directory, 'node_modules/@osx/extra'))).toBe(false);

  writeFileSync(
    join(bare.directory, 'good.mjs'),
    "import { lower } from '@osx/upper';\nif (lower === 1) console.log('ok');\n",
  );
  expect(await smokeProblems(project('good.mjs'), bare.directory, [], nodes)).toEqual([]);
  // The same tarballs again cost nothing; others are installed anew.
  writeFileSync(join(whole.directory, 'mark'), '');
  expect(await installProject(project('a.mjs'), all, [lower, upper])).toEqual(whole);
  expect(await installProject(project('b.mjs'), all, [lower, upper])).not.toEqual(whole);
});

test.each([
  ['an exception', "throw new Error('broken');", /esm: node@\S+ program\.mjs: exit 1[^]*broken/],
  ['silence', '', /exit 0/],
  ['a warning', "process.emitWarning('careful'); console.log('ok');", /careful/],
])('a smoke program that ends with %s is caught', async (_, code, expected) => {
  using directory = temporaryDirectory();
  writeFileSync(join(directory.path, 'program.mjs'), code);
  const problems = await smokeProblems(project('program.mjs'), directory.path, [], nodes);
  expect(problems.join('\n')).toMatch(expected);
});

test.each<[string, string, RegExp | undefined]>([
  ['says its version', "console.log('0.0.0');", undefined],
  ['says another version', "console.log('1.0.0');", /esm: node@\S+: plain --version: exit 0\n1\.0\.0/],
  ['warns', "console.log('0.0.0'); process.emitWarning('careful');", /careful/],
  ['fails', 'process.exit(3);', /exit 3/],
])('an installed command that %s', async (_, code, expected) => {
  const files = { 'dist/index.js': 'export {};\n', 'dist/cli.js': `#!/usr/bin/env node\n${code}\n` };
  using one = packedFixture('plain', files, { bin: { plain: './dist/cli.js' } });
  const installed = await installProject(project('a.mjs'), [one], [one]);
  if ('problem' in installed) throw new Error(installed.problem);
  const problems = await commandProblems(project('a.mjs'), installed.directory, [one], nodes);
  if (expected === undefined) expect(problems).toEqual([]);
  else expect(problems.join('\n')).toMatch(expected);
});

test.each<[string, string, RegExp | undefined]>([
  ['is quiet', 'globalThis.loaded = true;', undefined],
  ['warns', "process.emitWarning('careful');", /--import @osx\/plain\/register[^]*careful/],
  ['fails', "throw new Error('broken');", /broken/],
])('a preload that %s', async (_, code, expected) => {
  const files = { 'dist/index.js': 'export {};\n', 'dist/register.js': `${code}\n` };
  const exports = { '.': './dist/index.js', './register': './dist/register.js' };
  using one = packedFixture('plain', files, { exports });
  const specifiers = ['@osx/plain', '@osx/plain/register'];
  const problems = await preloadProblems(project('a.mjs'), one.project, specifiers, nodes);
  if (expected === undefined) expect(problems).toEqual([]);
  else expect(problems.join('\n')).toMatch(expected);
});

test('declarations that do not resolve are caught, in packages too', async () => {
  const module = 'export const a = 1;\n';
  using good = packedFixture('plain', {
    'dist/index.js': module,
    'dist/index.d.ts': "export type { A } from './a.ts';\n",
    'dist/a.d.ts': 'export type A = 1;\n',
  });
  const install = async (one: typeof good): Promise<string> => {
    const installed = await installProject({ ...project('a.ts'), kind: 'esm' }, [one], [one]);
    if ('problem' in installed) throw new Error(installed.problem);
    writeFileSync(
      join(installed.directory, 'a.ts'),
      "import './entry-points.ts';\nimport type { A } from '@osx/plain';\nexport const a: A = 1;\n",
    );
    mkdirSync(join(installed.directory, 'node_modules/@types'), { recursive: true });
    const nodeTypes = join(installed.directory, 'node_modules/@types/node');
    if (!existsSync(nodeTypes)) symlinkSync(realpathSync(join(workspaceRoot, 'node_modules/@types/node')), nodeTypes);
    return installed.directory;
  };
  expect(await typeCheck(await install(good), 'a.ts', ['@osx/plain'])).toEqual([]);
  using bad = packedFixture('plain', {
    'dist/index.js': module,
    'dist/index.d.ts': "export type { A } from './gone.ts';\n",
  });
  expect((await typeCheck(await install(bad), 'a.ts', ['@osx/plain'])).join('\n')).toMatch(
    /dist\/index\.d\.ts\(1,\d+\): error TS2307/,
  );
  expect((await typeCheck(await install(good), 'a.ts', ['@osx/absent'])).join('\n')).toMatch(
    /entry-points\.ts\(1,\d+\): error TS2307/,
  );
});

test('an installation that fails leaves nothing in the cache', async () => {
  const prepare = (directory: string): void => writeFileSync(join(directory, 'package.json'), '{ broken');
  const first = await cachedInstall('broken', 'key', prepare, ['--offline']);
  expect(first).toEqual({ problem: expect.stringMatching(/npm install .* \(broken\): exit \d+/) });
  expect(existsSync(join(cache.path, 'osx-repo-checks/broken-key'))).toBe(false);
  const good = await cachedInstall(
    'broken',
    'key',
    (directory) => writeFileSync(join(directory, 'package.json'), '{}'),
    ['--offline'],
  );
  if ('problem' in good) throw new Error(good.problem);
  expect(readFileSync(join(good.directory, 'package.json'), 'utf8')).toBe('{}');
});
