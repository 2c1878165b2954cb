import type { Environ } from './environ.ts';
import { checkEnviron, lookUp } from './internal/check-environ.ts';

/** What makes one environment of another; frozen. */
export interface EnvironDiff {
  readonly added: Readonly<Record<string, string>>;
  readonly removed: Readonly<Record<string, string>>;
  readonly changed: Readonly<Record<string, { readonly from: string; readonly to: string }>>;
  readonly isEmpty: boolean;
}

/**
 * What is different between two environments, by name in sorted order. Not set is another thing than empty.
 *
 * @param before A snapshot, `process.env`, any environment.
 * @param after The same.
 * @example
 * ```ts
 * import { diffEnviron } from '@osx/environ';
 *
 * const { added, removed, changed } = diffEnviron({ A: '1', B: '' }, { A: '2', C: '' });
 * console.log(Object.keys(added), Object.keys(removed), changed.A); // [ 'C' ] [ 'B' ] { from: '1', to: '2' }
 * ```
 */
export function diffEnviron(before: Environ, after: Environ): EnvironDiff {
  checkEnviron('before', before);
  checkEnviron('after', after);
  const added = Object.create(null) as Record<string, string>;
  const removed = Object.create(null) as Record<string, string>;
  const changed = Object.create(null) as Record<string, { from: string; to: string }>;
  let isEmpty = true;
  for (const name of [...new Set([...Object.keys(before), ...Object.keys(after)])].toSorted()) {
    const from = lookUp(before, name, 'before');
    const to = lookUp(after, name, 'after');
    if (from === to) continue;
    isEmpty = false;
    if (from === undefined) added[name] = to as string;
    else if (to === undefined) removed[name] = from;
    else changed[name] = Object.freeze({ from, to });
  }
  return Object.freeze({
    added: Object.freeze(added),
    removed: Object.freeze(removed),
    changed: Object.freeze(changed),
    isEmpty,
  });
}
