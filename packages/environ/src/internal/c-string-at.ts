import { copyMemory, defineCall, nonNegativeOrError } from '@osx/native-ffi';

const strlen = defineCall({ name: 'strlen', returns: 'size_t', parameters: ['uint64'], decode: nonNegativeOrError });

/** The bytes of a C string that stays C's, without the NUL. */
export function textAt(address: bigint): Buffer {
  return copyMemory(address, strlen(address));
}
