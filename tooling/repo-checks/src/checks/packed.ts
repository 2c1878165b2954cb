import { createHash } from 'node:crypto';
import { copyFileSync, cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

import type { Check } from '../check-definition.ts';
import { inParallel } from '../in-parallel.ts';
import { cachedInstall, plainEnvironment } from '../install-cache.ts';
import { readLayerTable } from '../layer-table.ts';
import { packedPackages, type PackedPackage } from '../packed-packages.ts';
import { readManifest } from '../repository.ts';
import { describeFailure, runCommand } from '../run-command.ts';
import { toolEnvironment, workspaceRoot } from '../workspace-tools.ts';
import { entryPoints } from './dist.ts';

const NODE_VERSIONS = ['22.23.3', '24.21.0', '26.10.0'];
const SMOKE_PROGRAMS = join(import.meta.dirname, '..', '..', 'smoke-programs');
/** Below the 30 s after which a library's timer may wake an event loop that should have been woken at once. */
const TIME_LIMIT_MS = 20_000;

/** A user's empty project, by what is in it. */
interface Project {
  kind: 'esm' | 'commonjs' | 'typescript' | 'without-optional';
  program: string;
  npmArguments: string[];
}

const projects: readonly Project[] = [
  { kind: 'esm', program: 'esm.mjs', npmArguments: [] },
  { kind: 'commonjs', program: 'commonjs.cjs', npmArguments: [] },
  { kind: 'typescript', program: 'typescript.ts', npmArguments: [] },
  { kind: 'without-optional', program: 'without-optional.mjs', npmArguments: ['--omit=optional', '--ignore-scripts'] },
];

/** The tarballs, installed by npm as a user would, work in every kind of project and on every Node that is promised. */
export const packedCheck: Check = {
  name: 'packed',
  async run(repository) {
    if (process.platform !== 'linux') return { problems: [], skipped: 'the smoke programs are for Linux' };
    const packed = await packedPackages(repository);
    if ('failure' in packed) return { problems: [], skipped: "see the check 'build'" };
    const { packages: layerOf } = readLayerTable(repository.root);
    const isPlatform = ({ workspacePackage }: PackedPackage): boolean =>
      layerOf[workspacePackage.directoryName] === 'platform';
    const nodes = await inParallel(NODE_VERSIONS, 1, installNode);
    const problems = nodes.flatMap((node) => ('problem' in node ? [node.problem] : []));
    const found = await inParallel(projects, 2, (project) =>
      checkProject(
        project,
        packed.packages,
        project.kind === 'without-optional' ? packed.packages.filter((one) => !isPlatform(one)) : packed.packages,
        nodes.flatMap((node) => ('problem' in node ? [] : [node])),
      ),
    );
    return { problems: [...problems, ...found.flat()] };
  },
};

interface InstalledNode {
  version: string;
  executable: string;
}

async function installNode(version: string): Promise<InstalledNode | { problem: string }> {
  if (process.version === `v${version}`) return { version, executable: process.execPath };
  const installed = await cachedInstall(
    'node',
    version,
    // node's install script is what brings the program.
    (directory) =>
      writeFileSync(join(directory, 'package.json'), '{ "private": true, "allowScripts": { "node": true } }\n'),
    [`node@${version}`],
  );
  if ('problem' in installed) return installed;
  const executable = join(installed.directory, 'node_modules/node/bin/node');
  if (!existsSync(executable)) return { problem: `node@${version}: its install script brought no ${executable}` };
  return { version, executable };
}

async function checkProject(
  project: Project,
  all: readonly PackedPackage[],
  wanted: readonly PackedPackage[],
  nodes: InstalledNode[],
): Promise<string[]> {
  const installed = await installProject(project, all, wanted);
  if ('problem' in installed) return [`${project.kind}: ${installed.problem}`];
  const { directory } = installed;
  cpSync(SMOKE_PROGRAMS, directory, { recursive: true });
  const specifiers = wanted.flatMap(({ manifest }) => entryPoints(manifest.name, manifest.exports));
  const typeProblems = project.kind === 'typescript' ? await typeCheck(directory, project.program, specifiers) : [];
  return [
    ...typeProblems,
    ...(await smokeProblems(project, directory, specifiers.filter(isNoPreload), nodes)),
    // Those of the optional packages cannot do their work without them, and say so.
    ...(project.kind === 'without-optional' ? [] : await preloadProblems(project, directory, specifiers, nodes)),
    ...(await commandProblems(project, directory, wanted, nodes)),
  ];
}

/** What is imported for what it does, and exports nothing. */
function isNoPreload(specifier: string): boolean {
  return !specifier.endsWith('/register');
}

/** Runs Node with every preload, on each Node: the program begins, and there is no warning. */
export async function preloadProblems(
  { kind }: Pick<Project, 'kind'>,
  directory: string,
  specifiers: readonly string[],
  nodes: readonly InstalledNode[],
): Promise<string[]> {
  const problems: string[] = [];
  for (const preload of specifiers.filter((specifier) => !isNoPreload(specifier))) {
    for (const { version, executable } of nodes) {
      const result = await runCommand(executable, ['--import', preload, '-e', 'console.log("ok")'], {
        cwd: directory,
        env: plainEnvironment(),
        timeoutMs: TIME_LIMIT_MS,
      });
      if (result.code !== 0 || result.stdout !== 'ok\n' || result.stderr !== '') {
        problems.push(describeFailure(`${kind}: node@${version} --import ${preload}`, result));
      }
    }
  }
  return problems;
}

/** Runs every installed command on each Node, as a shell would: it says its version and nothing else. */
export async function commandProblems(
  { kind }: Pick<Project, 'kind'>,
  directory: string,
  packages: readonly Pick<PackedPackage, 'manifest'>[],
  nodes: readonly InstalledNode[],
): Promise<string[]> {
  const problems: string[] = [];
  for (const { manifest } of packages) {
    for (const command of Object.keys(manifest.bin ?? {})) {
      for (const { version, executable } of nodes) {
        const result = await runCommand(join(directory, 'node_modules/.bin', command), ['--version'], {
          cwd: directory,
          env: { ...plainEnvironment(), PATH: `${dirname(executable)}:${process.env['PATH'] ?? ''}` },
          timeoutMs: TIME_LIMIT_MS,
        });
        if (result.code !== 0 || result.stdout !== `${manifest.version ?? ''}\n` || result.stderr !== '') {
          problems.push(describeFailure(`${kind}: node@${version}: ${command} --version`, result));
        }
      }
    }
  }
  return problems;
}

/** Runs the program of a project on each Node. It says `ok` and nothing else, warnings included. */
export async function smokeProblems(
  { kind, program }: Pick<Project, 'kind' | 'program'>,
  directory: string,
  specifiers: readonly string[],
  nodes: readonly InstalledNode[],
): Promise<string[]> {
  const problems: string[] = [];
  for (const { version, executable } of nodes) {
    const result = await runCommand(executable, [program, ...specifiers], {
      cwd: directory,
      env: plainEnvironment(),
      timeoutMs: TIME_LIMIT_MS,
    });
    if (result.code !== 0 || result.stdout !== 'ok\n' || result.stderr !== '') {
      problems.push(describeFailure(`${kind}: node@${version} ${program}`, result));
    }
  }
  return problems;
}

/** Installs the wanted tarballs with npm; whatever these need of the others comes from a tarball too. */
export function installProject(
  project: Project,
  all: readonly PackedPackage[],
  wanted: readonly PackedPackage[],
): ReturnType<typeof cachedInstall> {
  const typesVersion = readManifest(workspaceRoot).devDependencies?.['@types/node'] ?? '*';
  const hash = createHash('sha256').update(JSON.stringify([project, typesVersion]));
  for (const { tarball } of all) hash.update(readFileSync(tarball));
  const prepare = (directory: string): void => {
    mkdirSync(join(directory, 'tarballs'));
    const dependencies: Record<string, string> = {};
    const overrides: Record<string, string> = {};
    for (const one of all) {
      const { manifest, tarball } = one;
      const copy = join(directory, 'tarballs', basename(tarball));
      copyFileSync(tarball, copy);
      // The ranges in the tarballs name versions that are not published yet.
      if (wanted.includes(one)) dependencies[manifest.name] = `file:${copy}`;
      overrides[manifest.name] = wanted.includes(one) ? `$${manifest.name}` : `file:${copy}`;
    }
    const devDependencies = project.kind === 'typescript' ? { '@types/node': typesVersion } : {};
    const type = project.kind === 'commonjs' ? 'commonjs' : 'module';
    const manifest = { private: true, type, dependencies, devDependencies, overrides };
    writeFileSync(join(directory, 'package.json'), JSON.stringify(manifest, null, 2));
  };
  return cachedInstall(project.kind, hash.digest('hex').slice(0, 16), prepare, project.npmArguments);
}

/** Reads the declarations of every entry point, and the program, as a strict project of a user does. */
export async function typeCheck(directory: string, program: string, specifiers: string[]): Promise<string[]> {
  const imports = specifiers.map((specifier, index) => `export * as entry${String(index)} from '${specifier}';\n`);
  writeFileSync(join(directory, 'entry-points.ts'), imports.join(''));
  const compilerOptions = {
    target: 'es2022',
    lib: ['es2024', 'esnext.disposable'],
    module: 'nodenext',
    strict: true,
    noEmit: true,
    allowImportingTsExtensions: true,
    skipLibCheck: false,
    types: ['node'],
  };
  writeFileSync(join(directory, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: [program] }));
  const result = await runCommand('tsc', ['--pretty', 'false', '-p', '.'], { cwd: directory, env: toolEnvironment() });
  return result.code === 0 ? [] : [describeFailure('typescript: tsc', result)];
}
