import { definePointerCall, pointerOrNull } from '@osx/native-ffi';

const memmove = definePointerCall({
  name: 'memmove',
  parameters: ['pointer', 'pointer', 'size_t'],
  decode: pointerOrNull,
});

/** Where bytes lie in memory: memmove(3) of nothing returns it. Good as long as the bytes are referenced. */
export function addressOf(bytes: Uint8Array): bigint {
  return BigInt(memmove(bytes, bytes, 0));
}
