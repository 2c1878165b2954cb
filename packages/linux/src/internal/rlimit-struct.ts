import { defineStruct } from '@osx/native-ffi';

const RLIMIT64 = { size: 16, fields: { rlim_cur: ['u64', 0], rlim_max: ['u64', 8] } } as const;

/** `struct rlimit64` of <sys/resource.h>, which prlimit64 takes on every architecture. */
export const rlimitStruct = defineStruct('rlimit64', { 'linux-x64': RLIMIT64, 'linux-arm64': RLIMIT64 });
