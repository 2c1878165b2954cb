import { checkInteger64, checkOptions, invalidArgType, invalidArgValue, outOfRange } from '@osx/errors';

import { checkLimitTarget, presentLimit, prlimit } from '../internal/prlimit-call.ts';
import { RLIM_INFINITY, type Resource, type ResourceLimit, type ResourceLimitOptions } from './resource.ts';

/**
 * Sets a resource limit of this process, or of a running other one, and tells what it was before (`prlimit`).
 *
 * With both sides given it is one step of the kernel: the returned limit is the one that was replaced, whoever else sets it.
 *
 * **Platform** Linux 2.6.36. Of the whole process, whichever thread calls; children inherit it.
 *
 * **Gotchas** With one side missing it is read first, and another process's change in between is lost. A `stack` limit counts for
 * programs executed from now on. Beyond `fsize` a write ends the process with SIGXFSZ; at `cpu` it ends with SIGXCPU.
 *
 * @param resource `nofile` for RLIMIT_NOFILE, and so on.
 * @param limit `soft`, `hard` or both, in the resource's unit; `Infinity` or {@link RLIM_INFINITY} for none.
 * @param options See {@link ResourceLimitOptions}.
 * @returns The limit that held before.
 * @throws {RangeError} before the call: `soft` above `hard`; negative; a number that is not exact.
 * @throws {SystemError} EPERM: raising `hard` without CAP_SYS_RESOURCE, `nofile` above `fs.nr_open`, another user's
 * process. ESRCH.
 * @throws {UnsupportedError} before Linux 2.6.36.
 *
 * @example
 * ```ts
 * import { getrlimit, setrlimit } from '@osx/linux/prlimit';
 *
 * const { hard } = getrlimit('core');
 * setrlimit('core', { soft: 0, hard }); // no core dumps
 * console.log(getrlimit('core').soft); // 0
 * ```
 *
 * @see https://man7.org/linux/man-pages/man2/getrlimit.2.html
 */
export function setrlimit(
  resource: Resource,
  limit: Partial<ResourceLimit<number | bigint>>,
  options: ResourceLimitOptions & { bigint: true },
): ResourceLimit<bigint>;
export function setrlimit(
  resource: Resource,
  limit: Partial<ResourceLimit<number | bigint>>,
  options?: ResourceLimitOptions & { bigint?: false | undefined },
): ResourceLimit;
export function setrlimit(
  resource: Resource,
  limit: Partial<ResourceLimit<number | bigint>>,
  options?: ResourceLimitOptions,
): ResourceLimit<number | bigint> {
  const target = checkLimitTarget(resource, options);
  const { soft, hard } = checkLimit(limit);
  if (soft !== undefined && hard !== undefined) {
    return presentLimit(prlimit(target, ordered(soft, hard)), target.bigint);
  }
  const current = prlimit(target);
  const wanted = ordered(soft ?? current.soft, hard ?? current.hard);
  return presentLimit(prlimit(target, wanted), target.bigint);
}

function checkLimit(limit: Partial<ResourceLimit<number | bigint>>): Partial<ResourceLimit<bigint>> {
  if (limit === undefined) throw invalidArgType('limit', 'of type object', limit);
  const { soft, hard } = checkOptions('limit', limit);
  if (soft === undefined && hard === undefined) throw invalidArgValue('limit', 'given soft, hard or both', limit);
  return {
    ...(soft !== undefined && { soft: checkValue('limit.soft', soft) }),
    ...(hard !== undefined && { hard: checkValue('limit.hard', hard) }),
  };
}

function checkValue(name: string, value: number | bigint): bigint {
  return value === Infinity ? RLIM_INFINITY : checkInteger64(name, value, { min: 0n, max: RLIM_INFINITY });
}

/** The kernel would say EINVAL, and not which of its arguments is meant. */
function ordered(soft: bigint, hard: bigint): ResourceLimit<bigint> {
  if (soft > hard) throw outOfRange('limit.soft', `<= the hard limit, ${hard}`, soft);
  return { soft, hard };
}
