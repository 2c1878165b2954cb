import { defineStruct } from '@osx/native-ffi';

const ADDRESS = { size: 110, fields: { sun_family: ['u16', 0] } } as const;
/** struct sockaddr_un: the family, and behind it 108 bytes of sun_path. */
export const sockaddrUn = defineStruct('sockaddr_un', { 'linux-x64': ADDRESS, 'linux-arm64': ADDRESS });

const MESSAGE = {
  size: 56,
  fields: {
    msg_name: ['u64', 0],
    msg_namelen: ['u32', 8],
    msg_iov: ['u64', 16],
    msg_iovlen: ['u64', 24],
    msg_control: ['u64', 32],
    msg_controllen: ['u64', 40],
    msg_flags: ['i32', 48],
  },
} as const;
export const msghdr = defineStruct('msghdr', { 'linux-x64': MESSAGE, 'linux-arm64': MESSAGE });

const VECTOR = { size: 16, fields: { iov_base: ['u64', 0], iov_len: ['u64', 8] } } as const;
export const iovec = defineStruct('iovec', { 'linux-x64': VECTOR, 'linux-arm64': VECTOR });

const CONTROL = { size: 16, fields: { cmsg_len: ['u64', 0], cmsg_level: ['i32', 8], cmsg_type: ['i32', 12] } } as const;
/** struct cmsghdr; its data follow at once. Each begins at a multiple of 8. */
export const cmsghdr = defineStruct('cmsghdr', { 'linux-x64': CONTROL, 'linux-arm64': CONTROL });

const CREDENTIALS = { size: 12, fields: { pid: ['i32', 0], uid: ['u32', 4], gid: ['u32', 8] } } as const;
export const ucred = defineStruct('ucred', { 'linux-x64': CREDENTIALS, 'linux-arm64': CREDENTIALS });
