import { checkOneOf, UnsupportedError } from '@osx/errors';
import { checked, defineCall, zeroOrError } from '@osx/native-ffi';

import { EINVAL, ENOSYS } from '../internal/errno-numbers.ts';
import { RUSAGE_WHO, rusageStruct } from '../internal/rusage-struct.ts';

const call = defineCall({ name: 'getrusage', returns: 'int', parameters: ['int', 'pointer'], decode: zeroOrError });

/** RUSAGE_SELF, RUSAGE_CHILDREN or RUSAGE_THREAD. */
export type RusageWho = keyof typeof RUSAGE_WHO;

/** What was used so far. Linux keeps no others of the fields of `struct rusage`. */
export interface ResourceUsage {
  /** Processor time in user mode (ru_utime). */
  userMicroseconds: number;
  /** Processor time in the kernel (ru_stime). */
  systemMicroseconds: number;
  /**
   * The most memory that was resident at a time (ru_maxrss), in bytes. Of `children`: that of the largest child, not their sum. Of
   * `thread`: the whole process's.
   */
  maxResidentBytes: number;
  /** Page faults that needed no I/O (ru_minflt). */
  minorFaults: number;
  /** Page faults that waited for I/O (ru_majflt). */
  majorFaults: number;
  /** Reads of 512-byte blocks that reached a disk (ru_inblock). */
  blocksRead: number;
  /** Writes of 512-byte blocks on their way to a disk (ru_oublock). */
  blocksWritten: number;
  /** Times that it waited of its own accord (ru_nvcsw). */
  voluntarySwitches: number;
  /** Times that it was put aside for another (ru_nivcsw). */
  involuntarySwitches: number;
}

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
  const usage = rusageStruct.unpack(bytes);
  return {
    userMicroseconds: microseconds(usage['ru_utime.tv_sec'], usage['ru_utime.tv_usec']),
    systemMicroseconds: microseconds(usage['ru_stime.tv_sec'], usage['ru_stime.tv_usec']),
    maxResidentBytes: Number(usage.ru_maxrss) * 1024,
    minorFaults: Number(usage.ru_minflt),
    majorFaults: Number(usage.ru_majflt),
    blocksRead: Number(usage.ru_inblock),
    blocksWritten: Number(usage.ru_oublock),
    voluntarySwitches: Number(usage.ru_nvcsw),
    involuntarySwitches: Number(usage.ru_nivcsw),
  };
}

function microseconds(seconds: bigint, rest: bigint): number {
  return Number(seconds * 1_000_000n + rest);
}
