import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

import { runCommand } from './run-command.ts';

export type ExportsMap = Record<string, string | Record<string, string>>;

export interface PackageManifest {
  name: string;
  version?: string;
  private?: boolean;
  os?: string[];
  files?: string[];
  exports?: ExportsMap;
  /** Commands: name to file. */
  bin?: Record<string, string>;
  scripts?: Record<string, string>;
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
  peerDependencies?: Record<string, string>;
  publishConfig?: { access?: string; exports?: ExportsMap; bin?: Record<string, string> };
  [field: string]: unknown;
}

export interface WorkspacePackage {
  /** Directory name: `fcntl` for `@osx/fcntl`. */
  directoryName: string;
  directory: string;
  manifest: PackageManifest;
}

/** The tree under check. Everything is read when it is asked for, so that a test can hand over a small made-up tree. */
export interface Repository {
  root: string;
  /** The published packages, in alphabetical order. */
  packages: () => WorkspacePackage[];
  /** Files that git tracks or would track, relative to the root; without git, all that stand outside node_modules and dist. */
  trackedFiles: () => Promise<string[]>;
}

const IGNORED_DIRECTORIES = new Set(['node_modules', 'dist', '.git', '.turbo', 'coverage']);

/** Opens a tree of `packages/*`. */
export function openRepository(root: string): Repository {
  return {
    root,
    packages() {
      const parent = join(root, 'packages');
      if (!existsSync(parent)) return [];
      return readdirSync(parent, { withFileTypes: true })
        .filter((entry) => entry.isDirectory() && existsSync(join(parent, entry.name, 'package.json')))
        .map((entry) => {
          const directory = join(parent, entry.name);
          return { directoryName: entry.name, directory, manifest: readManifest(directory) };
        })
        .sort((a, b) => (a.directoryName < b.directoryName ? -1 : 1));
    },
    async trackedFiles() {
      const listing = await runCommand('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
        cwd: root,
      });
      const files = listing.code === 0 ? listing.stdout.split('\0').filter(Boolean) : filesUnder(root);
      return files.filter((file) => existsSync(join(root, file))).sort();
    },
  };
}

/** All files below a directory, relative to it with forward slashes, without node_modules, dist and the like. */
export function filesUnder(directory: string): string[] {
  if (!existsSync(directory)) return [];
  const found: string[] = [];
  const visit = (current: string): void => {
    for (const entry of readdirSync(current, { withFileTypes: true })) {
      const path = join(current, entry.name);
      if (entry.isDirectory()) {
        if (!IGNORED_DIRECTORIES.has(entry.name)) visit(path);
      } else if (entry.isFile()) {
        found.push(relative(directory, path).split(sep).join('/'));
      }
    }
  };
  visit(directory);
  return found.sort();
}

export function readManifest(directory: string): PackageManifest {
  return JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8')) as PackageManifest;
}
