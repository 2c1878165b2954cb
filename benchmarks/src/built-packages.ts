import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
const peers = ['write-file-atomic', 'atomically', 'fast-write-atomic', 'proper-lockfile', 'fs-native-extensions'];

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

/** Builds every package into the directory; the packages' own `dist` is left alone. */
export function buildPackages(directory: string): BuiltProject {
  const modules = join(directory, 'node_modules');
  const ours = readdirSync(join(root, 'packages')).flatMap((name) =>
    buildPackage(join(root, 'packages', name), modules),
  );
  symlinkSync(realpathSync(join(root, 'packages/native-ffi/node_modules/koffi')), join(modules, 'koffi'));
  for (const name of peers) symlinkSync(realpathSync(join(root, 'benchmarks/node_modules', name)), join(modules, name));
  return { directory, ours, peers };
}

function buildPackage(source: string, modules: string): string[] {
  const { name, version, publishConfig } = JSON.parse(readFileSync(join(source, 'package.json'), 'utf8')) as Manifest;
  const target = join(modules, name);
  mkdirSync(target, { recursive: true });
  execFileSync(join(root, 'node_modules/.bin/tsup'), ['--silent', '--out-dir', join(target, 'dist')], { cwd: source });
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
