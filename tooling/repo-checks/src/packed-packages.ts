import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';

import { readManifest, type PackageManifest, type Repository, type WorkspacePackage } from './repository.ts';
import { describeFailure, runCommand } from './run-command.ts';
import { scratchDirectory } from './scratch-directory.ts';
import { toolEnvironment } from './workspace-tools.ts';

/** A package as a user gets it. */
export interface PackedPackage {
  workspacePackage: WorkspacePackage;
  tarball: string;
  /** What the tarball holds, relative to the package. */
  files: string[];
  /** The tarball, unpacked. The packages find each other from here, and koffi. */
  directory: string;
  /** The manifest that is published. */
  manifest: PackageManifest;
}

export interface PackedPackages {
  packages: PackedPackage[];
  /** A project in which they are all installed. */
  project: string;
}

const made = new WeakMap<Repository, Promise<PackedPackages | Failure>>();

/** Why there is nothing to look at. */
export interface Failure {
  failure: string;
}

/**
 * Builds and packs every package, once in a run, in a directory that is gone when the process ends.
 */
export function packedPackages(repository: Repository): Promise<PackedPackages | Failure> {
  const known = made.get(repository);
  if (known !== undefined) return known;
  const making = buildAndPack(repository);
  made.set(repository, making);
  return making;
}

async function buildAndPack({ root, packages }: Repository): Promise<PackedPackages | Failure> {
  const built = await pnpm(root, ['exec', 'turbo', 'run', 'build', '--output-logs=errors-only']);
  if (built.code !== 0) return { failure: describeFailure('turbo run build', built) };

  const directory = scratchDirectory('packed');
  const packed = await pnpm(root, [
    '-r',
    '--filter',
    './packages/*',
    'pack',
    '--pack-destination',
    directory,
    '--json',
  ]);
  if (packed.code !== 0) return { failure: describeFailure('pnpm pack', packed) };
  type Packed = { name: string; filename: string; files: { path: string }[] };
  // One package is told of alone, several in a list.
  const listing = [JSON.parse(packed.stdout) as Packed | Packed[]].flat();

  const project = join(directory, 'project');
  const result: PackedPackage[] = [];
  for (const { name, filename, files } of listing) {
    const workspacePackage = packages().find(({ manifest }) => manifest.name === name);
    if (workspacePackage === undefined)
      return { failure: `pnpm pack made a tarball of ${name}, which is not in packages/` };
    const target = join(project, 'node_modules', name);
    mkdirSync(target, { recursive: true });
    const unpacked = await runCommand('tar', ['-xzf', filename, '-C', target, '--strip-components=1'], {
      cwd: directory,
    });
    if (unpacked.code !== 0) return { failure: describeFailure(`tar -xzf ${filename}`, unpacked) };
    result.push({
      workspacePackage,
      tarball: filename,
      files: files.map(({ path }) => path).sort(),
      directory: target,
      manifest: readManifest(target),
    });
  }
  for (const [name, link] of [
    ['koffi', 'packages/native-ffi/node_modules/koffi'],
    ['@types', 'node_modules/@types'],
  ] as const) {
    symlinkSync(join(root, link), join(project, 'node_modules', name));
  }
  return { packages: result.sort((a, b) => (a.manifest.name < b.manifest.name ? -1 : 1)), project };
}

/** The pnpm that the root package.json names, whether or not the machine has one. */
async function pnpm(root: string, args: string[]): ReturnType<typeof runCommand> {
  const { packageManager } = readManifest(root);
  if (typeof packageManager !== 'string') throw new TypeError("the root package.json names no 'packageManager'");
  return runCommand('npx', ['--yes', '--prefer-offline', packageManager, ...args], {
    cwd: root,
    env: toolEnvironment(),
  });
}
