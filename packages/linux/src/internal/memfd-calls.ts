import { defineCall, defineSyscall, nonNegativeOrError } from '@osx/native-ffi';

/** `memfd_create(name, flags)`: a descriptor, or the negative errno. */
export const memfdCreateCall = defineSyscall({
  number: 'SYS_memfd_create',
  parameters: ['pointer', 'uint'],
  decode: nonNegativeOrError,
});

/** `fcntl(fd, F_ADD_SEALS | F_GET_SEALS, seals)`: 0 or the seals, or the negative errno. */
export const fcntlSeals = defineCall({
  name: 'fcntl',
  returns: 'int',
  parameters: ['int', 'int'],
  variadic: ['int'],
  decode: nonNegativeOrError,
});
