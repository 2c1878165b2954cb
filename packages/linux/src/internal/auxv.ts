import { readFileSync } from 'node:fs';

import { defineCall, nonNegativeOrError } from '@osx/native-ffi';

const getpagesize = defineCall({ name: 'getpagesize', returns: 'int', parameters: [], decode: nonNegativeOrError });

// <elf.h>
export const AT_PAGESZ = 6;
export const AT_CLKTCK = 17;

/** In what units the kernel counts. */
export interface KernelUnits {
  readonly pageBytes: number;
  readonly ticksPerSecond: number;
}

let known: KernelUnits | undefined;

/** Page size and clock ticks from the auxiliary vector; a process that may not be traced cannot read its own, and asks libc. */
export function kernelUnits(): KernelUnits {
  known ??= unitsOfAuxv(readAuxv());
  return known;
}

/** @internal */
export function unitsOfAuxv(auxv: Buffer): KernelUnits {
  const values = new Map<number, number>();
  for (let offset = 0; offset + 16 <= auxv.length; offset += 16) {
    values.set(Number(auxv.readBigUInt64LE(offset)), Number(auxv.readBigUInt64LE(offset + 8)));
  }
  // USER_HZ is 100 on every architecture that this package knows.
  return { pageBytes: values.get(AT_PAGESZ) ?? getpagesize(), ticksPerSecond: values.get(AT_CLKTCK) ?? 100 };
}

function readAuxv(): Buffer {
  try {
    return readFileSync('/proc/self/auxv');
  } catch {
    return Buffer.alloc(0);
  }
}
