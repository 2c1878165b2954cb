import { defineCall } from './call.ts';
import { nonNegativeOrError } from './decode-return.ts';

/** An address as C wrote it into bytes of ours: below 2^53 on every platform that we have. */
type Address = number | bigint;

const memcpy = defineCall({
  name: 'memcpy',
  returns: 'uint64',
  parameters: ['pointer', 'uint64', 'size_t'],
  decode: nonNegativeOrError,
});
const strlen = defineCall({ name: 'strlen', returns: 'size_t', parameters: ['uint64'], decode: nonNegativeOrError });
const free = defineCall({ name: 'free', returns: 'void', parameters: ['uint64'], decode: nonNegativeOrError });

/**
 * Copies memory of C into new bytes, before C takes it back.
 *
 * **Gotchas**: an address that is not C's to read ends the process.
 *
 * @param address Where C said that the bytes are.
 * @param length How many there are.
 */
export function copyMemory(address: Address, length: number): Buffer {
  const bytes = Buffer.allocUnsafe(length);
  if (length > 0) memcpy(bytes, address, length);
  return bytes;
}

/**
 * The text that a function of C allocated for its caller, which is freed.
 *
 * **Gotchas**: as {@link copyMemory}; and an address that malloc(3) did not give ends the process.
 */
export function takeCString(address: Address): Buffer {
  try {
    return copyMemory(address, strlen(address));
  } finally {
    freeMemory(address);
  }
}

/** Frees what a function of C allocated for its caller, by free(3); 0 is nothing. */
export function freeMemory(address: Address): void {
  free(address);
}
