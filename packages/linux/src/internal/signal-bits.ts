/** `sizeof(sigset_t)` of glibc and musl; the kernel uses the first 8 bytes. */
const SIGNAL_SET_BYTES = 128;

/** A `sigset_t` with these signals: bit n - 1 is signal n. */
export function packSignalSet(numbers: Iterable<number>): Buffer {
  let bits = 0n;
  for (const number of numbers) bits |= signalBit(number);
  const set = Buffer.alloc(SIGNAL_SET_BYTES);
  set.writeBigUInt64LE(bits);
  return set;
}

export function emptySignalSet(): Buffer {
  return Buffer.alloc(SIGNAL_SET_BYTES);
}

export function isInSignalSet(set: Buffer, number: number): boolean {
  return (set.readBigUInt64LE() & signalBit(number)) !== 0n;
}

export function signalBit(number: number): bigint {
  return 1n << BigInt(number - 1);
}
