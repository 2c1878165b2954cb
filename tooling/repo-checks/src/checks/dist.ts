import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { basename, dirname, join, normalize } from 'node:path';

import type { Check } from '../check-definition.ts';
import { inParallel } from '../in-parallel.ts';
import { packedPackages, type PackedPackage } from '../packed-packages.ts';
import { parseModule } from '../parse-module.ts';
import { filesUnder } from '../repository.ts';
import { describeFailure, runCommand } from '../run-command.ts';
import { toolEnvironment } from '../workspace-tools.ts';

const PUBLISHED_FILE = /^(dist\/.*\.(js|d\.ts)|README\.md|CHANGELOG\.md|LICENSE|package\.json)$/;
const IMPORT_PROBE = join(import.meta.dirname, '..', 'import-probe.mjs');
const BUDGETS_FILE = 'tooling/repo-checks/size-budgets.json';
/** Processor time, far above what is wanted (3 ms) and seen: other work on the machine must not fail it. Benchmarks measure. */
const IMPORT_LIMIT_MS = 40;
const IMPORT_ATTEMPTS = 5;

/** What is published is what was meant: nothing inlined, declarations that resolve, small, and inert when imported. */
export const distCheck: Check = {
  name: 'dist',
  async run(repository) {
    const packed = await packedPackages(repository);
    if ('failure' in packed) return { problems: [], skipped: "see the check 'build'" };
    const found = await inParallel(packed.packages, 2, async (one) => {
      const problems = [
        ...contentProblems(one),
        ...bundleProblems(one),
        ...declarationProblems(one),
        ...(await linterProblems(one)),
        ...(await importProblems(one, packed.project)),
      ];
      return problems.map((problem) => `${one.manifest.name}: ${problem}`);
    });
    return {
      problems: [...found.flat(), ...(await sizeProblems(packed.packages, packed.project, repository.root))],
    };
  },
};

/** The tarball holds the built files and the papers, and its manifest stands alone. */
export function contentProblems({ files, manifest, directory }: PackedPackage): string[] {
  const problems = files.filter((file) => !PUBLISHED_FILE.test(file)).map((file) => `publishes ${file}`);
  for (const file of ['README.md', 'LICENSE', 'package.json']) {
    if (!files.includes(file)) problems.push(`does not publish ${file}`);
  }
  if (JSON.stringify(manifest).includes('workspace:')) problems.push("its manifest still says 'workspace:'");
  for (const target of exportTargets(manifest.exports)) {
    if (!existsSync(join(directory, target))) problems.push(`exports ${target}, which it does not publish`);
  }
  for (const [command, target] of Object.entries(manifest.bin ?? {})) {
    problems.push(...commandFileProblems(join(directory, target), `the command ${command} (${target})`));
  }
  return problems;
}

/** The build must not lose what makes a file a program. */
function commandFileProblems(file: string, what: string): string[] {
  if (!existsSync(file)) return [`does not publish ${what}`];
  const problems: string[] = [];
  if (!readFileSync(file, 'latin1').startsWith('#!/usr/bin/env node\n'))
    problems.push(`publishes ${what} without its #!`);
  if ((statSync(file).mode & 0o111) === 0) problems.push(`publishes ${what} not executable`);
  return problems;
}

/** A package that was inlined is no longer imported; its code is there twice and its errors have two identities. */
export function bundleProblems({ workspacePackage, directory }: PackedPackage): string[] {
  const inSource = new Map<string, string>();
  for (const file of filesUnder(join(workspacePackage.directory, 'src')).filter((path) => path.endsWith('.ts'))) {
    for (const specifier of runtimeImports(join(workspacePackage.directory, 'src', file)))
      inSource.set(specifier, file);
  }
  const problems: string[] = [];
  const inDist = new Set<string>();
  for (const file of builtFiles(directory, '.js')) {
    const source = readFileSync(join(directory, file), 'utf8');
    for (const specifier of runtimeImports(join(directory, file))) {
      inDist.add(specifier);
      if (isBuiltin(specifier)) problems.push(`${file} imports '${specifier}', which the build should have taken`);
      else if (!inSource.has(specifier)) problems.push(`${file} imports '${specifier}', which src does not`);
    }
    // esbuild says above each module where it comes from.
    const foreign = /^\/\/ (\.\.\/.*|.*node_modules\/.*)$/m.exec(source);
    if (foreign !== null) problems.push(`${file} holds code of ${foreign[1] ?? ''}`);
    if (/__using\b|__callDispose\b/.test(source)) problems.push(`${file} holds the helpers of 'using'`);
  }
  for (const [specifier, file] of inSource) {
    if (!inDist.has(specifier) && !isBuiltin(specifier))
      problems.push(`src/${file} imports '${specifier}', dist does not: it was inlined, or is not used`);
  }
  return problems;
}

function runtimeImports(file: string): string[] {
  return parseModule(file, readFileSync(file, 'utf8'))
    .imports.filter(({ specifier, kind }) => kind !== 'type' && !specifier.startsWith('.'))
    .map(({ specifier }) => specifier);
}

/** The declarations a user's compiler comes to lead only to published ones, and to packages that get installed. */
export function declarationProblems({ directory, manifest }: PackedPackage): string[] {
  const problems: string[] = [];
  const installed = new Set(Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies }));
  const reached = new Set(
    exportTargets(manifest.exports)
      .filter((target) => target.endsWith('.d.ts'))
      .map(normalize),
  );
  // A Set hands out also what is added while it is walked.
  for (const file of reached) {
    if (!existsSync(join(directory, file))) continue;
    for (const { specifier } of parseModule(file, readFileSync(join(directory, file), 'utf8')).imports) {
      if (specifier.startsWith('node:')) continue;
      if (specifier.startsWith('.')) {
        // TypeScript finds ./x.d.ts for './x.ts' and for './x.js'.
        const target = normalize(join(dirname(file), specifier)).replace(/\.[tj]s$/, '.d.ts');
        if (existsSync(join(directory, target))) reached.add(target);
        else problems.push(`${file} imports '${specifier}', which it does not publish`);
      } else if (
        !installed.has(
          specifier
            .split('/')
            .slice(0, specifier.startsWith('@') ? 2 : 1)
            .join('/'),
        )
      ) {
        problems.push(`${file} needs the types of '${specifier}', which a user may not have`);
      }
    }
  }
  return problems;
}

/** What publint and attw say of the tarball. */
export async function linterProblems({ tarball }: PackedPackage): Promise<string[]> {
  const problems: string[] = [];
  for (const [tool, ...args] of [
    ['publint', 'run', tarball, '--strict', '--level', 'warning'],
    ['attw', tarball, '--profile', 'esm-only', '--no-emoji', '--no-color'],
  ] as const) {
    const result = await runCommand(tool, args, { cwd: dirname(tarball), env: toolEnvironment() });
    if (result.code !== 0) problems.push(describeFailure(`${tool} ${basename(tarball)}`, result));
  }
  return problems;
}

async function importProblems({ manifest }: PackedPackage, project: string): Promise<string[]> {
  const problems: string[] = [];
  for (const specifier of entryPoints(manifest.name, manifest.exports)) {
    // A preload is there to do something.
    if (specifier !== `${manifest.name}/register`) problems.push(...(await probeImport(specifier, project)));
  }
  return problems;
}

/** What happens when a package of the project is loaded, for the worse. */
export async function probeImport(specifier: string, project: string): Promise<string[]> {
  const args = [IMPORT_PROBE, specifier, join(project, 'node_modules')];
  let fastest = Infinity;
  for (let attempt = 0; attempt < IMPORT_ATTEMPTS; attempt += 1) {
    const result = await runCommand(process.execPath, args, { cwd: project, env: { NODE_OPTIONS: undefined } });
    if (result.code !== 0) return [describeFailure(`loading ${specifier}`, result)];
    const { faults, milliseconds } = JSON.parse(result.stdout) as { faults: string[]; milliseconds: number };
    if (faults.length > 0) return faults.map((fault) => `importing ${specifier} ${fault}`);
    fastest = Math.min(fastest, milliseconds);
    if (fastest <= IMPORT_LIMIT_MS) return [];
  }
  return [`importing ${specifier} takes ${fastest.toFixed(0)} ms of processor time, ${IMPORT_ATTEMPTS} times`];
}

/** Entries over their budget, budgets without an entry and entries without a budget. */
export async function sizeProblems(packages: PackedPackage[], project: string, root: string): Promise<string[]> {
  const budgets = JSON.parse(readFileSync(join(root, BUDGETS_FILE), 'utf8')) as Record<string, string>;
  const problems: string[] = [];
  const checks: object[] = [];
  for (const { manifest, directory } of packages) {
    for (const [name, path] of sizedFiles(manifest)) {
      const limit = budgets[name];
      if (limit === undefined) problems.push(`${BUDGETS_FILE}: no budget for ${name}`);
      checks.push({
        name,
        limit,
        path: join(directory, path).slice(project.length + 1),
        ignore: ['@osx/*', 'koffi', 'node:*'],
      });
    }
  }
  for (const name of Object.keys(budgets)) {
    if (!checks.some((check) => 'name' in check && check.name === name))
      problems.push(`${BUDGETS_FILE}: nothing is called ${name}`);
  }
  const manifest = { devDependencies: { '@size-limit/esbuild': '*', '@size-limit/file': '*' }, 'size-limit': checks };
  writeFileSync(join(project, 'package.json'), JSON.stringify(manifest));
  const result = await runCommand('size-limit', ['--json'], { cwd: project, env: toolEnvironment() });
  if (result.code !== 0) problems.push(describeFailure('size-limit', result));
  return problems;
}

/** What has a budget: every entry point under the name it is imported by, and every command as `package:command`. */
function sizedFiles({ name, exports = {}, bin = {} }: PackedPackage['manifest']): [string, string][] {
  return [
    ...Object.entries(exports).map(([subpath, target]): [string, string] => [
      name + subpath.slice(1),
      typeof target === 'string' ? target : (target['default'] ?? ''),
    ]),
    ...Object.entries(bin).map(([command, target]): [string, string] => [`${name}:${command}`, target]),
  ];
}

function builtFiles(directory: string, ending: string): string[] {
  return filesUnderDist(directory).filter((file) => file.endsWith(ending));
}

function filesUnderDist(directory: string): string[] {
  return filesUnder(join(directory, 'dist')).map((file) => `dist/${file}`);
}

function exportTargets(exports: PackedPackage['manifest']['exports'] = {}): string[] {
  return Object.values(exports).flatMap((target) => (typeof target === 'string' ? [target] : Object.values(target)));
}

/** The specifiers under which a package can be imported. */
export function entryPoints(name: string, exports: PackedPackage['manifest']['exports'] = {}): string[] {
  return Object.keys(exports)
    .filter((subpath) => subpath !== './package.json')
    .map((subpath) => name + subpath.slice(1));
}
