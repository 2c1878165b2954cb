import { isSignalNumber } from './signal-number.ts';

/** `sigset_t` of glibc and musl; the 4 bytes of Darwin and the 16 of FreeBSD are the start of it. */
export const SIGNAL_SET_BYTES = 128;

/** A `sigset_t` with these signals: bit n - 1 is signal n, on every platform served (all little-endian). */
export function packSignalSet(numbers: Iterable<number>): Uint8Array {
  const set = new Uint8Array(SIGNAL_SET_BYTES);
  for (const number of numbers) set[(number - 1) >> 3]! |= 1 << ((number - 1) & 7);
  return set;
}

/** The signals in a `sigset_t`, in order of numbers; never the C library's own. */
export function unpackSignalSet(set: Uint8Array): number[] {
  const numbers: number[] = [];
  for (let number = 1; number <= set.length * 8; number += 1) {
    if ((set[(number - 1) >> 3]! & (1 << ((number - 1) & 7))) !== 0 && isSignalNumber(number)) numbers.push(number);
  }
  return numbers;
}
