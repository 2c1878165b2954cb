import { copyFileSync, existsSync, mkdirSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type * as FsExt from 'fs-ext';
import { compileAddon } from '../compile-c.ts';

const require = createRequire(import.meta.url);

/**
 * fs-ext, compiled into the directory with the headers that came with this Node: its own install script would need a
 * compiler of everybody who installs the workspace.
 *
 * @returns `undefined` where it does not build.
 */
export function loadFsExt(directory: string): typeof FsExt | undefined {
  const target = join(directory, 'fs-ext');
  const addon = join(target, 'build/Release/fs_ext.node');
  if (!existsSync(addon)) {
    const headers = nodeHeaders();
    if (headers === undefined) return undefined;
    const source = dirname(require.resolve('fs-ext'));
    mkdirSync(target, { recursive: true });
    copyFileSync(join(source, 'fs-ext.js'), join(target, 'fs-ext.js'));
    const includes = [headers, dirname(require.resolve('nan/nan.h'))];
    if (!compileAddon(join(source, 'fs-ext.cc'), addon, includes)) return undefined;
  }
  return require(join(target, 'fs-ext.js')) as typeof FsExt;
}

/** Beside the program, as in Node's own archives, or in the platform's part of the `node` npm package. */
function nodeHeaders(): string | undefined {
  const home = join(dirname(realpathSync(process.execPath)), '..');
  const places = ['include/node', `node_modules/node-${process.platform}-${process.arch}/include/node`];
  return places.map((place) => join(home, place)).find((path) => existsSync(join(path, 'node.h')));
}
