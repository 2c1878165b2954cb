import { errnoName } from '@osx/errors';
import { defineCall, nonNegativeOrErrorRetryEintr, zeroOrErrorRetryEintr } from '@osx/native-ffi';

/** fcntl(2) with a `struct flock *`: 0, or the negative errno. */
export const fcntlWithStruct = defineCall({
  name: 'fcntl',
  returns: 'int',
  parameters: ['int', 'int'],
  variadic: ['pointer'],
  decode: nonNegativeOrErrorRetryEintr,
});

/** fcntl(2) with an int: the value, or the negative errno. */
export const fcntlWithInt = defineCall({
  name: 'fcntl',
  returns: 'int',
  parameters: ['int', 'int'],
  variadic: ['int'],
  decode: nonNegativeOrErrorRetryEintr,
});

/** flock(2): 0, or the negative errno. */
export const flockCall = defineCall({
  name: 'flock',
  returns: 'int',
  parameters: ['int', 'int'],
  decode: zeroOrErrorRetryEintr,
});

/** Whether a lock call failed because another has the lock: POSIX lets systems choose between the two. */
export function isContention(result: number): boolean {
  if (result >= 0) return false;
  const code = errnoName(result);
  return code === 'EAGAIN' || code === 'EACCES';
}
