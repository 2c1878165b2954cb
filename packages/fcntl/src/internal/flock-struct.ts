import { defineStruct } from '@osx/native-ffi';

const LINUX = {
  size: 32,
  fields: { l_type: ['i16', 0], l_whence: ['i16', 2], l_start: ['i64', 8], l_len: ['i64', 16], l_pid: ['i32', 24] },
} as const;

const DARWIN = {
  size: 24,
  fields: { l_start: ['i64', 0], l_len: ['i64', 8], l_pid: ['i32', 16], l_type: ['i16', 20], l_whence: ['i16', 22] },
} as const;

/** `struct flock` of <fcntl.h>, with 64-bit offsets. */
export const flockStruct = defineStruct('flock', {
  'linux-x64': LINUX,
  'linux-arm64': LINUX,
  'darwin-x64': DARWIN,
  'darwin-arm64': DARWIN,
});
