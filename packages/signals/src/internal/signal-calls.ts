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
