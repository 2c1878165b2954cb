import type { Target } from '@osx/native-ffi';

import type { ResourceUsage } from '../getrusage/resource-usage.ts';
import { rusageStruct } from './rusage-struct.ts';

/** The fields of a `struct rusage`, in microseconds and bytes. */
export function decodeRusage(bytes: Uint8Array, target?: Target): ResourceUsage {
  const usage = rusageStruct.unpack(bytes, target);
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
