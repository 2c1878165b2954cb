import type { EnvironOptions } from './environ.ts';
import { environOf, lookUp } from './internal/check-environ.ts';

/** An environment as it was: frozen, without a prototype, sorted by name. */
export type EnvironSnapshot = Readonly<Record<string, string>>;

/**
 * The environment as it is now, for keeping: nothing changes it, neither later changes of the environment nor its holder.
 *
 * It is an environment, for `{ environ }` and for `child_process`.
 *
 * @example
 * ```ts
 * import { snapshotEnviron } from '@osx/environ';
 *
 * const snapshot = snapshotEnviron({ environ: { B: '', A: '1', C: undefined } });
 * console.log(Object.entries(snapshot)); // [ [ 'A', '1' ], [ 'B', '' ] ]
 * ```
 */
export function snapshotEnviron(options?: EnvironOptions): EnvironSnapshot {
  const environ = environOf(options);
  const snapshot = Object.create(null) as Record<string, string>;
  for (const name of Object.keys(environ).toSorted()) {
    const value = lookUp(environ, name);
    // An object without a prototype has no __proto__ but its own.
    if (value !== undefined) snapshot[name] = value;
  }
  return Object.freeze(snapshot);
}
