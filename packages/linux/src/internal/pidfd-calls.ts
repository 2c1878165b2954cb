import {
  defineCall,
  defineSyscall,
  nonNegativeOrError,
  nonNegativeOrErrorRetryEintr,
  zeroOrError,
  zeroOrErrorRetryEintr,
} from '@osx/native-ffi';

/** `pidfd_open(pid, flags)`: a descriptor, or the negative errno. */
export const pidfdOpen = defineSyscall({
  number: 'SYS_pidfd_open',
  parameters: ['int', 'uint'],
  decode: nonNegativeOrError,
});

/** `pidfd_send_signal(pidfd, signal, info, flags)`: 0, or the negative errno. */
export const pidfdSendSignal = defineSyscall({
  number: 'SYS_pidfd_send_signal',
  parameters: ['int', 'int', 'pointer', 'uint'],
  decode: zeroOrError,
});

/** `waitid(idtype, id, siginfo, options)`: 0, or the negative errno. */
export const waitid = defineCall({
  name: 'waitid',
  returns: 'int',
  parameters: ['int', 'uint', 'pointer', 'int'],
  decode: zeroOrErrorRetryEintr,
});

/** `poll(fds, count, timeout)`: how many are ready, or the negative errno. */
export const poll = defineCall({
  name: 'poll',
  returns: 'int',
  parameters: ['pointer', 'ulong', 'int'],
  decode: nonNegativeOrErrorRetryEintr,
});

/** `ioctl(fd, request, argument)`: 0, or the negative errno. */
export const ioctl = defineCall({
  name: 'ioctl',
  returns: 'int',
  parameters: ['int', 'ulong'],
  variadic: ['pointer'],
  decode: nonNegativeOrError,
});

/** `name_to_handle_at(dirfd, path, handle, mountId, flags)`: 0, or the negative errno. */
export const nameToHandleAt = defineSyscall({
  number: 'SYS_name_to_handle_at',
  parameters: ['int', 'pointer', 'pointer', 'pointer', 'int'],
  decode: zeroOrError,
});

/** `open_by_handle_at(mountFd, handle, flags)`: a descriptor, or the negative errno. */
export const openByHandleAt = defineSyscall({
  number: 'SYS_open_by_handle_at',
  parameters: ['int', 'pointer', 'int'],
  decode: nonNegativeOrErrorRetryEintr,
});
