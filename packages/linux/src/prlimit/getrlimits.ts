import { checkLimitTarget, presentLimit, prlimit, resources } from '../internal/prlimit-call.ts';
import type { Resource, ResourceLimit, ResourceLimitOptions } from './resource.ts';

/**
 * Reads every resource limit of a process, as {@link getrlimit} does, one after the other.
 *
 * **Platform** Linux 2.6.36.
 *
 * @param options See {@link ResourceLimitOptions}.
 * @returns A new object with all sixteen resources.
 * @throws {SystemError} ESRCH; EPERM: another user's process.
 * @throws {UnsupportedError} before Linux 2.6.36.
 *
 * @example
 * ```ts
 * import { getrlimits } from '@osx/linux/prlimit';
 *
 * console.log(Object.keys(getrlimits()).length); // 16
 * ```
 *
 * @see https://man7.org/linux/man-pages/man2/getrlimit.2.html
 */
export function getrlimits(options: ResourceLimitOptions & { bigint: true }): Record<Resource, ResourceLimit<bigint>>;
export function getrlimits(
  options?: ResourceLimitOptions & { bigint?: false | undefined },
): Record<Resource, ResourceLimit>;
export function getrlimits(options?: ResourceLimitOptions): Record<Resource, ResourceLimit<number | bigint>> {
  const read = (resource: Resource) => {
    const target = checkLimitTarget(resource, options);
    return [resource, presentLimit(prlimit(target), target.bigint)] as const;
  };
  return Object.fromEntries(resources.map(read)) as Record<Resource, ResourceLimit<number | bigint>>;
}
