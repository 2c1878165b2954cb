import { namesIn } from './signal-names.ts';
import { signalTable } from './signal-table.ts';

/** `sigset_t` of glibc and musl; the 4 bytes of Darwin and the 16 of FreeBSD are the start of it. */
export const SIGNAL_SET_BYTES = 128;

/** A `sigset_t` with these signals: bit n - 1 is signal n, on every platform served (all little-endian). */
export function packSignalSet(numbers: Iterable<number>): Uint8Array {
  const set = Buffer.alloc(SIGNAL_SET_BYTES);
  for (const number of numbers) set.writeUInt8(set.readUInt8(byteOf(number)) | bitOf(number), byteOf(number));
  return set;
}

let known: readonly number[] | undefined;

/** The signals in a `sigset_t`, in order of numbers; never the C library's own. */
export function unpackSignalSet(set: Uint8Array): number[] {
  known ??= [...namesIn(signalTable()).values()];
  return known.filter((number) => ((set[byteOf(number)] ?? 0) & bitOf(number)) !== 0);
}

function byteOf(number: number): number {
  return (number - 1) >> 3;
}

function bitOf(number: number): number {
  return 1 << ((number - 1) & 7);
}
