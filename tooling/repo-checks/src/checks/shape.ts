import { existsSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path/posix';

import type { Check, CheckResult } from '../check-definition.ts';
import { readLayerTable } from '../layer-table.ts';
import { parseModule } from '../parse-module.ts';
import { filesUnder, type Repository, type WorkspacePackage } from '../repository.ts';

const LINES_ALARM = 300;
const LINES_LIMIT = 400;
const INSTALL_SCRIPTS = ['preinstall', 'install', 'postinstall', 'prepare', 'prepublish', 'prepack', 'postpack'];
const PUBLISHED_FILES = ['CHANGELOG.md', 'LICENSE', 'README.md', 'dist'];
const FORBIDDEN_NAMES = /^(utils?|helpers?|common|core|misc)$/;
const KEBAB_CASE = /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)*$/;
const NAMED_BY_OTHERS = new Set(['README.md', 'CHANGELOG.md', 'LICENSE']);
/** What every README answers, and the words its headings may use for it. */
const README_SECTIONS: [string, RegExp][] = [
  ['why it exists', /why/i],
  ['install', /install/i],
  ['example', /example|usage|use\b|quick start/i],
  ['API', /api|functions|exports/i],
  ['platforms', /platform/i],
  ['errors', /error/i],
  ['what it does not do', /\bnot\b|non-goals|limits/i],
];

/** Every package has the same files, fields and names (conventions.md), so that knowing one is knowing all. */
export const shapeCheck: Check = {
  name: 'shape',
  async run(repository) {
    const result: Required<Pick<CheckResult, 'problems' | 'warnings'>> = { problems: [], warnings: [] };
    const rootLicense = readText(join(repository.root, 'LICENSE'));
    const table = readLayerTable(repository.root);
    for (const workspacePackage of repository.packages()) {
      const at = `packages/${workspacePackage.directoryName}`;
      const isPlatform = table.packages[workspacePackage.directoryName] === 'platform';
      result.problems.push(
        ...[...fileProblems(workspacePackage, rootLicense), ...manifestProblems(workspacePackage, isPlatform)].map(
          (problem) => `${at}/${problem}`,
        ),
      );
      sourceProblems(workspacePackage, at, result);
    }
    result.problems.push(...(await nameProblems(repository)));
    return result;
  },
};

function fileProblems({ directory, manifest }: WorkspacePackage, rootLicense: string | undefined): string[] {
  const problems: string[] = [];
  const text = (path: string): string | undefined => readText(join(directory, path));
  for (const path of ['README.md', 'LICENSE', 'tsconfig.json', 'tsconfig.build.json', 'tsup.config.ts']) {
    if (text(path) === undefined) problems.push(`${path}: missing`);
  }
  if (text('LICENSE') !== rootLicense) problems.push('LICENSE: differs from the LICENSE of the repository');
  for (const path of ['tsconfig.json', 'tsconfig.build.json']) {
    if (text(path)?.includes('"extends": "@osx/build-config/') !== true)
      problems.push(`${path}: must extend @osx/build-config`);
  }
  if (text('tsup.config.ts')?.includes("from '@osx/build-config/tsup'") !== true) {
    problems.push('tsup.config.ts: must use packageBuild of @osx/build-config/tsup');
  }
  const readme = text('README.md');
  if (readme !== undefined) problems.push(...readmeProblems(readme, manifest.name));
  if (!filesUnder(join(directory, 'test')).some((path) => path.endsWith('.test.ts')))
    problems.push('test: has no *.test.ts');
  return problems;
}

function readmeProblems(readme: string, packageName: string): string[] {
  const problems: string[] = [];
  const headings = [...readme.matchAll(/^#{1,3} (.*)$/gm)].map((match) => match[1] ?? '');
  if (headings[0] !== packageName) problems.push(`README.md: the first heading must be '# ${packageName}'`);
  for (const [what, words] of README_SECTIONS) {
    if (!headings.slice(1).some((heading) => words.test(heading))) {
      problems.push(`README.md: no section says '${what}' (a heading that matches ${String(words)})`);
    }
  }
  if (!/^```ts run\n[\s\S]*?^```\n+```text output$/m.test(readme)) {
    problems.push("README.md: no '```ts run' block with a '```text output' block after it");
  }
  return problems;
}

/** What "./register" stands for, in the sources and as published: importing it is meant to do something. */
function preloadFiles(manifest: WorkspacePackage['manifest']): string[] {
  const exported = (manifest['exports'] as Record<string, unknown> | undefined) ?? {};
  return './register' in exported ? ['./src/register.ts', './dist/register.js'] : [];
}

function manifestProblems({ directory, directoryName, manifest }: WorkspacePackage, isPlatform: boolean): string[] {
  const problems: string[] = [];
  const expect = (field: string, holds: boolean, wish: string): void => {
    if (!holds) problems.push(`package.json: ${field} must be ${wish}`);
  };
  expect('name', manifest.name === `@osx/${directoryName}`, `@osx/${directoryName}`);
  expect('version', /^\d+\.\d+\.\d+$/.test(manifest.version ?? ''), 'a plain version');
  expect('private', manifest.private === undefined, 'absent');
  expect('description', typeof manifest['description'] === 'string' && manifest['description'] !== '', 'a sentence');
  expect(
    'keywords',
    Array.isArray(manifest['keywords']) && manifest['keywords'].length > 0,
    'a list that is not empty',
  );
  expect('license', manifest['license'] === 'MIT', 'MIT');
  expect('type', manifest['type'] === 'module', 'module');
  const preloads = preloadFiles(manifest);
  expect(
    'sideEffects',
    JSON.stringify(manifest['sideEffects']) === JSON.stringify(preloads.length === 0 ? false : preloads),
    preloads.length === 0 ? 'false' : `${JSON.stringify(preloads)}, its preload alone`,
  );
  expect('engines', JSON.stringify(manifest['engines']) === '{"node":">=22.18"}', '{ "node": ">=22.18" }');
  expect(
    'files',
    JSON.stringify([...(manifest.files ?? [])].sort()) === JSON.stringify(PUBLISHED_FILES),
    PUBLISHED_FILES.join(', '),
  );
  expect(
    'scripts.build',
    manifest.scripts?.['build'] === 'tsup && tsc -p tsconfig.build.json',
    'tsup && tsc -p tsconfig.build.json',
  );
  expect('publishConfig.access', manifest.publishConfig?.access === 'public', 'public');
  expect(
    'main, module and types',
    ['main', 'module', 'types'].every((field) => !(field in manifest)),
    'absent: exports says it',
  );
  for (const script of INSTALL_SCRIPTS) expect(`scripts.${script}`, manifest.scripts?.[script] === undefined, 'absent');
  if (isPlatform) expect('os', (manifest.os ?? []).length > 0, 'the systems it is for');
  const koffi = manifest.dependencies?.['koffi'];
  if (koffi !== undefined) expect('dependencies.koffi', /^\d+\.\d+\.\d+$/.test(koffi), 'one exact version');
  for (const [name, range] of Object.entries({ ...manifest.dependencies, ...manifest.optionalDependencies })) {
    if (name.startsWith('@osx/')) expect(`the range of ${name}`, range === 'workspace:^', 'workspace:^');
  }
  return [...problems, ...exportsProblems(manifest), ...commandProblems(directory, manifest)];
}

/** `exports` names sources for the workspace, `publishConfig.exports` the built files of the same entries. */
function exportsProblems({ exports = {}, publishConfig }: WorkspacePackage['manifest']): string[] {
  const problems: string[] = [];
  const published = publishConfig?.exports ?? {};
  if (Object.keys(exports).length === 0) problems.push('package.json: exports must name at least one entry');
  if (JSON.stringify(Object.keys(exports)) !== JSON.stringify(Object.keys(published))) {
    problems.push('package.json: exports and publishConfig.exports must name the same entries in the same order');
  }
  for (const [subpath, target] of Object.entries(exports)) {
    if (subpath === './package.json') continue;
    if (typeof target !== 'string' || !/^\.\/src\/.*\.ts$/.test(target)) {
      problems.push(`package.json: exports['${subpath}'] must be a ./src/*.ts file`);
      continue;
    }
    const output = subpath === '.' ? 'index' : subpath.slice(2);
    const wish = JSON.stringify({
      types: target.replace('./src/', './dist/').replace(/\.ts$/, '.d.ts'),
      default: `./dist/${output}.js`,
    });
    if (JSON.stringify(published[subpath]) !== wish) {
      problems.push(`package.json: publishConfig.exports['${subpath}'] must be ${wish}`);
    }
  }
  return problems;
}

/** `bin` names sources that the workspace runs as they are, `publishConfig.bin` the built files of the same commands. */
function commandProblems(directory: string, { bin = {}, publishConfig }: WorkspacePackage['manifest']): string[] {
  const problems: string[] = [];
  const published = publishConfig?.bin ?? {};
  if (JSON.stringify(Object.keys(bin)) !== JSON.stringify(Object.keys(published))) {
    problems.push('package.json: bin and publishConfig.bin must name the same commands in the same order');
  }
  for (const [command, target] of Object.entries(bin)) {
    if (!/^\.\/src\/[^/]+\.ts$/.test(target)) {
      problems.push(`package.json: bin['${command}'] must be a ./src/*.ts file`);
      continue;
    }
    const wish = target.replace('./src/', './dist/').replace(/\.ts$/, '.js');
    if (published[command] !== wish) problems.push(`package.json: publishConfig.bin['${command}'] must be ${wish}`);
    const file = join(directory, target);
    const source = readText(file);
    if (source === undefined) problems.push(`${target.slice(2)}: missing, but a command`);
    else if (!source.startsWith('#!/usr/bin/env node\n')) {
      problems.push(`${target.slice(2)}:1: a command starts with #!/usr/bin/env node`);
    } else if ((statSync(file).mode & 0o111) === 0) problems.push(`${target.slice(2)}: a command must be executable`);
  }
  return problems;
}

function sourceProblems(
  { directory, manifest }: WorkspacePackage,
  at: string,
  result: { problems: string[]; warnings: string[] },
): void {
  const entries = new Set(
    Object.values(manifest.exports ?? {}).map((target) => (typeof target === 'string' ? target.replace('./', '') : '')),
  );
  for (const entry of entries) {
    if (entry.endsWith('.ts') && !existsSync(join(directory, entry)))
      result.problems.push(`${at}/${entry}: missing, but exported`);
  }
  for (const path of filesUnder(join(directory, 'src')).map((file) => `src/${file}`)) {
    if (!path.endsWith('.ts')) {
      result.problems.push(`${at}/${path}: src holds TypeScript only`);
      continue;
    }
    if (/\.(test|spec)\.ts$/.test(path)) result.problems.push(`${at}/${path}: tests stand in test/`);
    const source = readFileSync(join(directory, path), 'utf8');
    const facts = parseModule(path, source);
    if (entries.has(path) || basename(path) === 'index.ts') {
      const isPreload = preloadFiles(manifest).includes(`./${path}`);
      for (const line of isPreload ? [] : facts.linesOtherThanReExports) {
        result.problems.push(`${at}/${path}:${line}: an entry file holds named re-exports only`);
      }
      if (!facts.startsWithDocblock) result.problems.push(`${at}/${path}:1: an entry file starts with a docblock`);
    }
    const lines = source.split('\n').length - 1;
    if (!facts.hasCode) continue;
    if (lines > LINES_LIMIT) result.problems.push(`${at}/${path}: ${lines} lines, the limit is ${LINES_LIMIT}`);
    else if (lines > LINES_ALARM) result.warnings.push(`${at}/${path}: ${lines} lines: does it do two jobs?`);
  }
}

async function nameProblems(repository: Repository): Promise<string[]> {
  const problems: string[] = [];
  for (const file of await repository.trackedFiles()) {
    if (!/^(packages|tooling|examples|benchmarks)\//.test(file)) continue;
    const parts = file.split('/').slice(1);
    for (const part of parts) {
      if (FORBIDDEN_NAMES.test(part.replace(/\..*$/, '')))
        problems.push(`${file}: '${part}' says nothing; name the job`);
      if (!KEBAB_CASE.test(part) && !NAMED_BY_OTHERS.has(part) && !part.startsWith('.')) {
        problems.push(`${file}: '${part}' is not in kebab-case`);
      }
    }
    if (
      /[/.](test|spec)\.[cm]?[jt]sx?$/.test(file) &&
      !/^(packages|tooling|examples)\/[^/]+\/test\/.*\.test\.ts$/.test(file)
    ) {
      problems.push(`${file}: tests are test/**/*.test.ts`);
    }
  }
  return problems;
}

function readText(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}
