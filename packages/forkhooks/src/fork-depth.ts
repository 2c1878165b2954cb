import { UnsupportedError } from '@osx/errors';

import { currentPlace } from './internal/fork-depth-of.ts';

/**
 * How many processes lie between this one and the first of its tree: 0 in the first, 1 in its children, 2 in theirs.
 *
 * The first is the process that added a fork hook, or was started with `--import @osx/forkhooks/register`, and descends
 * from none that did. Its children find its name in `OSX_FORKHOOKS_ROOT`, and that they do descend from it in `/proc`: a
 * forged or stale variable changes nothing. Read once in the life of a process. A Worker has the depth of its process.
 *
 * **Platform** Linux, with `/proc`.
 *
 * **Gotchas** Every process counts, also a shell in between. Where one in between has died before this one asked, nothing
 * can be proved any more: it is the first of a new tree, 0. So is a process in another pid namespace.
 *
 * @throws {UnsupportedError} ENOTSUP on another system.
 * @example
 * ```ts
 * import { forkDepth } from '@osx/forkhooks';
 *
 * console.log(forkDepth()); // 0
 * ```
 * @see https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
 */
export function forkDepth(): number {
  if (process.platform !== 'linux') throw new UnsupportedError({ feature: 'forkDepth', requires: 'Linux' });
  return currentPlace().depth;
}
