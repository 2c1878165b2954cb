import { defineCall, nonNegativeOrError, nonNegativeOrErrorRetryEintr } from '@osx/native-ffi';

/** `signalfd(fd, mask, flags)`: a descriptor, or the negative errno. With a descriptor for `fd` its mask is changed. */
export const signalfd = defineCall({
  name: 'signalfd',
  returns: 'int',
  parameters: ['int', 'pointer', 'int'],
  decode: nonNegativeOrError,
});

/** `read(fd, buffer, size)`: bytes read, or the negative errno. Of the calling thread's signals, and the process's. */
export const signalfdRead = defineCall({
  name: 'read',
  returns: 'ssize_t',
  parameters: ['int', 'pointer', 'size_t'],
  decode: nonNegativeOrErrorRetryEintr,
});

/** `pthread_sigmask(how, new, old)`: 0, or the **positive** error number; errno is not set. */
export const pthreadSigmask = defineCall({
  name: 'pthread_sigmask',
  returns: 'int',
  parameters: ['int', 'pointer', 'pointer'],
  decode: nonNegativeOrError,
});
