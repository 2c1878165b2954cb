import { defineCall, nonNegativeOrError, zeroOrError } from '@osx/native-ffi';

/** `sigaction(signal, new, old)`: 0, or the negative errno. */
export const sigaction = defineCall({
  name: 'sigaction',
  returns: 'int',
  parameters: ['int', 'pointer', 'pointer'],
  decode: zeroOrError,
});

/** `pthread_sigmask(how, new, old)`: 0, or the **positive** error number; errno is not set. */
export const pthreadSigmask = defineCall({
  name: 'pthread_sigmask',
  returns: 'int',
  parameters: ['int', 'pointer', 'pointer'],
  decode: nonNegativeOrError,
});

/** `raise(signal)`: to the calling thread; delivered before it returns unless blocked. 0, or the negative errno. */
export const raise = defineCall({ name: 'raise', returns: 'int', parameters: ['int'], decode: zeroOrError });

/** `sigpending(set)`: 0, or the negative errno. */
export const sigpending = defineCall({
  name: 'sigpending',
  returns: 'int',
  parameters: ['pointer'],
  decode: zeroOrError,
});

/**
 * `sigqueue(pid, signal, value)`: 0, or the negative errno. `union sigval` is passed by value: eight bytes in one integer
 * register on x64 and arm64, `sival_int` in its lower half.
 */
export const sigqueue = defineCall({
  name: 'sigqueue',
  returns: 'int',
  parameters: ['int', 'int', 'uint64'],
  decode: zeroOrError,
});
