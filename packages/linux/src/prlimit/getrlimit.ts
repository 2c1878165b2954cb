import { checkLimitTarget, presentLimit, prlimit } from '../internal/prlimit-call.ts';
import type { Resource, ResourceLimit, ResourceLimitOptions } from './resource.ts';

/**
 * Reads a resource limit of this process, or of another one (`prlimit`).
 *
 * **Platform** Linux 2.6.36. Of the whole process, whichever thread asks.
 *
 * **Gotchas** Node raises the soft limit of `nofile` to the hard one when it starts, and its children inherit that. As a
 * number a limit above 2^53 is rounded; ask for `bigint` where that matters.
 *
 * @param resource `nofile` for RLIMIT_NOFILE, and so on.
 * @param options See {@link ResourceLimitOptions}.
 * @returns A new object, in the resource's unit (bytes, seconds of `cpu`, microseconds of `rttime`, counts).
 * @throws {SystemError} ESRCH; EPERM: another user's process.
 * @throws {UnsupportedError} before Linux 2.6.36.
 *
 * @example
 * ```ts
 * import { getrlimit } from '@osx/linux/prlimit';
 *
 * const { soft, hard } = getrlimit('nofile');
 * console.log(soft <= hard); // true
 * ```
 *
 * @see https://man7.org/linux/man-pages/man2/getrlimit.2.html
 */
export function getrlimit(resource: Resource, options: ResourceLimitOptions & { bigint: true }): ResourceLimit<bigint>;
export function getrlimit(
  resource: Resource,
  options?: ResourceLimitOptions & { bigint?: false | undefined },
): ResourceLimit;
export function getrlimit(resource: Resource, options?: ResourceLimitOptions): ResourceLimit<number | bigint> {
  const target = checkLimitTarget(resource, options);
  return presentLimit(prlimit(target), target.bigint);
}
