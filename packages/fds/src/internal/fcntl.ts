import { checked, defineCall, nonNegativeOrErrorRetryEintr } from '@osx/native-ffi';

const fcntlCall = defineCall({
  name: 'fcntl',
  returns: 'int',
  parameters: ['int', 'int'],
  variadic: ['int'],
  decode: nonNegativeOrErrorRetryEintr,
});

/** fcntl(2) with an int argument, or none: the value, or a `SystemError`. */
export function fcntl(fd: number, command: number, argument = 0): number {
  return checked(fcntlCall(fd, command, argument), 'fcntl');
}

/** As {@link fcntl}, with the negative errno instead of an error. */
export function tryFcntl(fd: number, command: number, argument = 0): number {
  return fcntlCall(fd, command, argument);
}
