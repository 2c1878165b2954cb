import { checkFunction, invalidArgType, invalidArgValue } from '@osx/errors';

import type { TreeIgnore } from '../inotify/tree-options.ts';
import { byteStringToText, toByteString } from './byte-name.ts';
import type { DirectoryNode } from './directory-node.ts';

export interface TreeIgnoreRule {
  /** Whether the answer may change when a directory above is renamed. */
  readonly dependsOnPath: boolean;
  test(parent: DirectoryNode, name: string, isDirectory: boolean): boolean;
}

/** Checks the option `ignore`; undefined when nothing is left out. */
export function treeIgnoreRule(ignore: TreeIgnore | undefined): TreeIgnoreRule | undefined {
  if (ignore === undefined) return undefined;
  if (!Array.isArray(ignore)) return functionRule(ignore as Exclude<TreeIgnore, readonly string[]>);
  const names = new Set<string>();
  const paths = new Set<string>();
  for (const [index, given] of (ignore as readonly unknown[]).entries()) {
    const argument = `options.ignore[${index}]`;
    if (typeof given !== 'string') throw invalidArgType(argument, 'of type string', given);
    const path = given.replace(/^\.\//, '').replace(/\/+$/, '');
    const parts = path.split('/');
    if (parts.some((part) => part === '' || part === '.' || part === '..') || path.includes('\0')) {
      throw invalidArgValue(argument, 'a name, or a path relative to the root', given);
    }
    (parts.length === 1 ? names : paths).add(toByteString(path));
  }
  if (names.size + paths.size === 0) return undefined;
  return {
    dependsOnPath: paths.size > 0,
    test: (parent, name) => names.has(name) || (paths.size > 0 && paths.has(parent.pathOf(name))),
  };
}

function functionRule(ignore: (relativePath: string, isDirectory: boolean) => boolean): TreeIgnoreRule {
  checkFunction('options.ignore', ignore);
  return {
    dependsOnPath: true,
    test: (parent, name, isDirectory) => ignore(byteStringToText(parent.pathOf(name)), isDirectory),
  };
}
