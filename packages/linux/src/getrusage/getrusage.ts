import { checkOneOf, UnsupportedError } from '@osx/errors';
import { checked, defineCall, zeroOrError } from '@osx/native-ffi';

import { decodeRusage } from '../internal/decode-rusage.ts';
import { EINVAL, ENOSYS } from '../internal/errno-numbers.ts';
import { RUSAGE_WHO, rusageStruct } from '../internal/rusage-struct.ts';
import type { ResourceUsage } from './resource-usage.ts';

const call = defineCall({ name: 'getrusage', returns: 'int', parameters: ['int', 'pointer'], decode: zeroOrError });

/** RUSAGE_SELF, RUSAGE_CHILDREN or RUSAGE_THREAD. */
export type RusageWho = keyof typeof RUSAGE_WHO;

/**
 * Tells what this process, its ended children, or the calling thread have used (`getrusage`).
 *
 * Times are microseconds, as `process.resourceUsage()` has them; sizes are bytes, which that one has not.
 *
 * **Platform** Linux; `thread` 2.6.26.
 *
 * **Gotchas** `children` counts those that ended and were reaped, with the descendants that they reaped themselves; a running child is
 * not in it. `maxResidentBytes` never falls, and a program inherits its beginning from the process that executed it.
 *
 * @param who Default `self`: all threads together. `thread` is the calling one: in a Worker the Worker's.
 * @returns A new object.
 * @throws {UnsupportedError} `thread` before Linux 2.6.26.
 *
 * @example
 * ```ts
 * import { getrusage } from '@osx/linux/getrusage';
 *
 * const before = getrusage('thread').userMicroseconds;
 * let sum = 0;
 * for (let index = 0; index < 5_000_000; index += 1) sum += index;
 * console.log(getrusage('thread').userMicroseconds > before); // true
 * ```
 *
 * @see https://man7.org/linux/man-pages/man2/getrusage.2.html
 */
export function getrusage(who: RusageWho = 'self'): ResourceUsage {
  checkOneOf('who', who, Object.keys(RUSAGE_WHO) as RusageWho[]);
  const bytes = Buffer.alloc(rusageStruct.size());
  const result = call(RUSAGE_WHO[who], bytes);
  if (result === -ENOSYS) {
    throw new UnsupportedError({ feature: 'getrusage', requires: 'a system without a seccomp filter against it' });
  }
  if (result === -EINVAL) {
    const feature = `RUSAGE_${who.toUpperCase()}`;
    throw new UnsupportedError({ feature, requires: 'Linux 2.6.26', syscall: 'getrusage' });
  }
  checked(result, 'getrusage');
  return decodeRusage(bytes);
}
