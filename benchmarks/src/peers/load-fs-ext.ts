import { copyFileSync, mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type * as FsExt from 'fs-ext';
import { compilePeerAddon } from './compile-peer-addon.ts';

const require = createRequire(import.meta.url);

/**
 * fs-ext, compiled into the directory.
 *
 * @returns `undefined` where it does not build.
 */
export function loadFsExt(directory: string): typeof FsExt | undefined {
  const target = join(directory, 'fs-ext');
  const source = dirname(require.resolve('fs-ext'));
  mkdirSync(target, { recursive: true });
  copyFileSync(join(source, 'fs-ext.js'), join(target, 'fs-ext.js'));
  if (!compilePeerAddon(join(source, 'fs-ext.cc'), join(target, 'build/Release/fs_ext.node'))) return undefined;
  return require(join(target, 'fs-ext.js')) as typeof FsExt;
}
