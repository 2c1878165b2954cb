import {
  defineCall,
  defineStruct,
  defineSyscall,
  nonNegativeOrError,
  nonNegativeOrErrorRetryEintr,
  zeroOrError,
  zeroOrErrorRetryEintr,
} from '@osx/native-ffi';

/** glibc's fork(), which runs the handlers of pthread_atfork(3): those of malloc, libuv and OpenSSL. */
export const fork = defineCall({ name: 'fork', returns: 'int', parameters: [], decode: nonNegativeOrError });

/** The only way out of a forked child: no exit handlers, no threads to be joined. */
export const exitNow = defineCall({ name: '_exit', returns: 'void', parameters: ['int'], decode: nonNegativeOrError });

export const getpid = defineCall({ name: 'getpid', returns: 'int', parameters: [], decode: nonNegativeOrError });
export const getppid = defineCall({ name: 'getppid', returns: 'int', parameters: [], decode: nonNegativeOrError });

export const madvise = defineCall({
  name: 'madvise',
  returns: 'int',
  parameters: ['uint64', 'size_t', 'int'],
  decode: zeroOrError,
});

export const prctl = defineCall({
  name: 'prctl',
  returns: 'int',
  parameters: ['int'],
  variadic: ['ulong', 'ulong', 'ulong', 'ulong'],
  decode: zeroOrError,
});

/** Of the calling thread. Sets are 128 bytes, as <signal.h> of glibc has them. */
export const sigprocmask = defineCall({
  name: 'sigprocmask',
  returns: 'int',
  parameters: ['int', 'pointer', 'pointer'],
  decode: zeroOrError,
});

export const pipe2 = defineCall({
  name: 'pipe2',
  returns: 'int',
  parameters: ['pointer', 'int'],
  decode: zeroOrError,
});

export const socketpair = defineCall({
  name: 'socketpair',
  returns: 'int',
  parameters: ['int', 'int', 'int', 'pointer'],
  decode: zeroOrError,
});

export const duplicateOver = defineCall({
  name: 'dup3',
  returns: 'int',
  parameters: ['int', 'int', 'int'],
  decode: nonNegativeOrErrorRetryEintr,
});

/** read(2), which blocks: for a child that has nothing else to do yet. */
export const readBlocking = defineCall({
  name: 'read',
  returns: 'ssize_t',
  parameters: ['int', 'pointer', 'size_t'],
  decode: nonNegativeOrErrorRetryEintr,
});

/** Only glibc has it. */
export const glibcVersion = defineCall({
  name: 'gnu_get_libc_version',
  returns: 'uint64',
  parameters: [],
  decode: nonNegativeOrError,
});

export const pidfdOpen = defineSyscall({
  number: 'SYS_pidfd_open',
  parameters: ['int', 'uint'],
  decode: nonNegativeOrError,
});

export const pidfdSendSignal = defineSyscall({
  number: 'SYS_pidfd_send_signal',
  parameters: ['int', 'int', 'pointer', 'uint'],
  decode: zeroOrError,
});

export const waitid = defineCall({
  name: 'waitid',
  returns: 'int',
  parameters: ['int', 'uint', 'pointer', 'int'],
  decode: zeroOrErrorRetryEintr,
});

/** `siginfo_t` as waitid(2) fills it. */
export const siginfoStruct = defineStruct('siginfo_t', {
  'linux-x64': { size: 128, fields: { si_code: ['i32', 8], si_pid: ['i32', 16], si_status: ['i32', 24] } },
});

/** Exported by Node itself: the loop of the main thread. */
export const uvDefaultLoop = defineCall({
  name: 'uv_default_loop',
  returns: 'uint64',
  parameters: [],
  decode: nonNegativeOrError,
});

/** Gives the child a loop of its own: until then it shares the parent's epoll, and would change it. */
export const uvLoopFork = defineCall({
  name: 'uv_loop_fork',
  returns: 'int',
  parameters: ['uint64'],
  decode: zeroOrError,
});

/** Whether anything keeps the loop alive. */
export const uvLoopAlive = defineCall({
  name: 'uv_loop_alive',
  returns: 'int',
  parameters: ['uint64'],
  decode: nonNegativeOrError,
});
