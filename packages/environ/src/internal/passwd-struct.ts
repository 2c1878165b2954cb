import { defineStruct } from '@osx/native-ffi';

const linux = {
  size: 48,
  fields: { pw_name: ['u64', 0], pw_uid: ['u32', 16], pw_gid: ['u32', 20], pw_dir: ['u64', 32], pw_shell: ['u64', 40] },
} as const;

/** With pw_change, pw_class and pw_expire. */
const darwin = {
  size: 72,
  fields: { pw_name: ['u64', 0], pw_uid: ['u32', 16], pw_gid: ['u32', 20], pw_dir: ['u64', 48], pw_shell: ['u64', 56] },
} as const;

/** `struct passwd` of pwd.h. */
export const passwdStruct = defineStruct('passwd', {
  'linux-x64': linux,
  'linux-arm64': linux,
  'darwin-x64': darwin,
  'darwin-arm64': darwin,
});
