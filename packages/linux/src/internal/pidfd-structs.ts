import { defineStruct } from '@osx/native-ffi';

const PIDFD_INFO = {
  size: 64,
  fields: {
    mask: ['u64', 0],
    cgroupid: ['u64', 8],
    pid: ['u32', 16],
    tgid: ['u32', 20],
    ppid: ['u32', 24],
    ruid: ['u32', 28],
    rgid: ['u32', 32],
    euid: ['u32', 36],
    egid: ['u32', 40],
    suid: ['u32', 44],
    sgid: ['u32', 48],
    fsuid: ['u32', 52],
    fsgid: ['u32', 56],
    exit_code: ['i32', 60],
  },
} as const;

/** `struct pidfd_info` of <linux/pidfd.h>, as far as its first size (PIDFD_INFO_SIZE_VER0) goes. */
export const pidfdInfoStruct = defineStruct('pidfd_info', { 'linux-x64': PIDFD_INFO, 'linux-arm64': PIDFD_INFO });

const SIGINFO = {
  size: 128,
  fields: {
    si_signo: ['i32', 0],
    si_errno: ['i32', 4],
    si_code: ['i32', 8],
    si_pid: ['i32', 16],
    si_uid: ['u32', 20],
    si_status: ['i32', 24],
  },
} as const;

/** `siginfo_t` as waitid(2) fills it. */
export const siginfoStruct = defineStruct('siginfo_t', { 'linux-x64': SIGINFO, 'linux-arm64': SIGINFO });

const POLLFD = { size: 8, fields: { fd: ['i32', 0], events: ['i16', 4], revents: ['i16', 6] } } as const;

/** `struct pollfd` of <poll.h>. */
export const pollfdStruct = defineStruct('pollfd', { 'linux-x64': POLLFD, 'linux-arm64': POLLFD });

/** `offsetof(struct file_handle, f_handle)`: handle_bytes and handle_type, four bytes each. */
export const FILE_HANDLE_HEADER_BYTES = 8;
/** MAX_HANDLE_SZ of <fcntl.h>. */
export const FILE_HANDLE_MAX_BYTES = 128;
