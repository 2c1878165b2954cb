import { existsSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { compileAddon } from '../compile-c.ts';

const require = createRequire(import.meta.url);

/**
 * An addon of a peer, compiled with the headers that came with this Node: its own install script would need a compiler of
 * everybody who installs the workspace.
 *
 * @returns `false` where it does not build.
 */
export function compilePeerAddon(source: string, addon: string, libraries: readonly string[] = []): boolean {
  if (existsSync(addon)) return true;
  const headers = nodeHeaders();
  if (headers === undefined) return false;
  return compileAddon(source, addon, [headers, dirname(require.resolve('nan/nan.h'))], libraries);
}

/** Beside the program, as in Node's own archives, or in the platform's part of the `node` npm package. */
function nodeHeaders(): string | undefined {
  const home = join(dirname(realpathSync(process.execPath)), '..');
  const places = ['include/node', `node_modules/node-${process.platform}-${process.arch}/include/node`];
  return places.map((place) => join(home, place)).find((path) => existsSync(join(path, 'node.h')));
}
