import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
const peers = [
  'write-file-atomic',
  'atomically',
  'fast-write-atomic',
  'proper-lockfile',
  'fs-native-extensions',
  'npid',
  'pidlockfile',
  'daemon-pid',
  'single-instance',
  'signal-exit',
  'chokidar',
  '@parcel/watcher',
  'pino',
  'process-on-spawn',
  'execa',
  'envalid',
  'zod',
];

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly publishConfig: { readonly exports: Readonly<Record<string, unknown>> };
}

/** A project in which our packages are as a user gets them, built, and the peers beside them. */
export interface BuiltProject {
  readonly directory: string;
  /** What of ours can be imported. */
  readonly ours: readonly string[];
  readonly peers: readonly string[];
}

const projects = new Map<string, BuiltProject>();

/** Builds every package, once, below the directory; the packages' own `dist` is left alone. */
export function builtProject(scratch: string): BuiltProject {
  const known = projects.get(scratch);
  if (known !== undefined) return known;
  const project = build(join(scratch, 'project'));
  projects.set(scratch, project);
  return project;
}

/** Turns a program of `src/` into plain JavaScript inside the project, where it finds the built packages. */
export function buildProgram({ directory, ours, peers: others }: BuiltProject, name: string): string {
  const external = [...ours, ...others].flatMap((specifier) => ['--external', specifier]);
  const output = ['--format', 'esm', '--target', 'node22', '--out-dir', join(directory, 'programs')];
  tsup([`src/${name}.ts`, ...output, ...external], join(root, 'benchmarks'));
  return join(directory, 'programs', `${name}.js`);
}

function tsup(args: readonly string[], cwd: string): void {
  execFileSync(join(root, 'node_modules/.bin/tsup'), ['--silent', ...args], { cwd });
}

function build(directory: string): BuiltProject {
  const modules = join(directory, 'node_modules');
  const ours = readdirSync(join(root, 'packages')).flatMap((name) =>
    buildPackage(join(root, 'packages', name), modules),
  );
  symlinkSync(realpathSync(join(root, 'packages/native-ffi/node_modules/koffi')), join(modules, 'koffi'));
  mkdirSync(join(modules, '@parcel'));
  for (const name of peers) symlinkSync(realpathSync(join(root, 'benchmarks/node_modules', name)), join(modules, name));
  writeFileSync(join(directory, 'package.json'), '{"type":"module"}');
  return { directory, ours, peers };
}

function buildPackage(source: string, modules: string): string[] {
  const { name, version, publishConfig } = JSON.parse(readFileSync(join(source, 'package.json'), 'utf8')) as Manifest;
  const target = join(modules, name);
  mkdirSync(target, { recursive: true });
  tsup(['--out-dir', join(target, 'dist')], source);
  const manifest = { name, version, type: 'module', exports: publishConfig.exports };
  writeFileSync(join(target, 'package.json'), JSON.stringify(manifest));
  return Object.keys(publishConfig.exports).map((entry) => name + entry.slice(1));
}

/** What the built package of an entry imports from elsewhere: modules of Node, and other packages. */
export function importsOf({ directory }: BuiltProject, specifier: string): string[] {
  const name = specifier.split('/', 2).join('/');
  const dist = join(directory, 'node_modules', name, 'dist');
  const files = readdirSync(dist).filter((file) => file.endsWith('.js'));
  const texts = files.map((file) => readFileSync(join(dist, file), 'utf8'));
  const found = texts.flatMap((text) =>
    Array.from(text.matchAll(/^(?:import|export) .* from '([^'.][^']*)';$/gm), ([, from]) => from),
  );
  return [...new Set(found)].filter((from) => from !== undefined && from !== 'koffi') as string[];
}
