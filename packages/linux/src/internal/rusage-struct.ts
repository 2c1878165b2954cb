import { defineStruct } from '@osx/native-ffi';

const RUSAGE = {
  size: 144,
  fields: {
    'ru_utime.tv_sec': ['i64', 0],
    'ru_utime.tv_usec': ['i64', 8],
    'ru_stime.tv_sec': ['i64', 16],
    'ru_stime.tv_usec': ['i64', 24],
    ru_maxrss: ['i64', 32],
    ru_minflt: ['i64', 64],
    ru_majflt: ['i64', 72],
    ru_inblock: ['i64', 88],
    ru_oublock: ['i64', 96],
    ru_nvcsw: ['i64', 128],
    ru_nivcsw: ['i64', 136],
  },
} as const;

/** `struct rusage` of <sys/resource.h>, less the fields that Linux leaves 0. */
export const rusageStruct = defineStruct('rusage', { 'linux-x64': RUSAGE, 'linux-arm64': RUSAGE });

/** RUSAGE_* of <sys/resource.h>. */
export const RUSAGE_WHO = { self: 0, children: -1, thread: 1 } as const;
