import { defineStruct } from '@osx/native-ffi';

const TIMESPEC = { size: 16, fields: { tv_sec: ['i64', 0], tv_nsec: ['i64', 8] } } as const;

/** `struct timespec` of <time.h> on 64-bit systems. */
export const timespec = defineStruct('timespec', {
  'linux-x64': TIMESPEC,
  'linux-arm64': TIMESPEC,
  'darwin-x64': TIMESPEC,
  'darwin-arm64': TIMESPEC,
});
