import { diffEnviron, type EnvironDiff } from './diff-environ.ts';
import type { Environ, MutableEnvironOptions } from './environ.ts';
import { checkEnviron, checkVariableName, checkVariableValue, mutableEnvironOf } from './internal/check-environ.ts';
import { write } from './internal/scopes.ts';

/**
 * Makes an environment what a snapshot says: sets what differs, takes away what is not in it, and touches nothing else.
 *
 * @returns What it did.
 * @throws {TypeError} on a bad name or value, before anything is changed.
 * @example
 * ```ts
 * import { restoreEnviron, snapshotEnviron } from '@osx/environ';
 *
 * const before = snapshotEnviron();
 * process.env.NEW = '1';
 * console.log(Object.keys(restoreEnviron(before).removed), process.env.NEW); // [ 'NEW' ] undefined
 * ```
 */
export function restoreEnviron(snapshot: Environ, options?: MutableEnvironOptions): EnvironDiff {
  checkEnviron('snapshot', snapshot);
  const environ = mutableEnvironOf(options);
  const diff = diffEnviron(environ, snapshot);
  const wanted = new Map<string, string>(Object.entries(diff.added));
  for (const [name, { to }] of Object.entries(diff.changed)) wanted.set(name, to);
  for (const [name, value] of wanted) {
    checkVariableName('snapshot', name);
    checkVariableValue(`snapshot.${name}`, value);
  }
  for (const name of Object.keys(diff.removed)) write(environ, name, undefined);
  for (const [name, value] of wanted) write(environ, name, value);
  return diff;
}
