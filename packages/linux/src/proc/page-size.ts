import { checkInteger64, checkOneOf, outOfRange } from '@osx/errors';

import { kernelUnits } from '../internal/auxv.ts';

/**
 * The bytes of a memory page, as the kernel told the process at its start: what mappings and their offsets are multiples of.
 *
 * **Platform** 4096 on x64; 4096, 16384 or 65536 on arm64, by the kernel's build.
 *
 * @example
 * ```ts
 * import { pageSize } from '@osx/linux/proc';
 *
 * console.log(pageSize() >= 4096, Number.isInteger(Math.log2(pageSize()))); // true true
 * ```
 *
 * @see https://man7.org/linux/man-pages/man2/getpagesize.2.html
 */
export function pageSize(): number {
  return kernelUnits().pageBytes;
}

/**
 * The nearest multiple of the page size that is not below a number of bytes (`up`), or not above (`down`).
 *
 * @param bytes 0 or more; a bigint up to 64 bits, for addresses.
 * @param direction There is no default: a length is rounded up, an offset down.
 * @returns A bigint for a bigint.
 * @throws {TypeError|RangeError} on a bad argument, and where the result would not be exact.
 *
 * @example
 * ```ts
 * import { pageSize, roundToPageSize } from '@osx/linux/proc';
 *
 * console.log(roundToPageSize(1, 'up') === pageSize(), roundToPageSize(1, 'down')); // true 0
 * ```
 */
export function roundToPageSize<Bytes extends number | bigint>(
  bytes: Bytes,
  direction: 'up' | 'down',
): Bytes extends bigint ? bigint : number;
export function roundToPageSize(bytes: number | bigint, direction: 'up' | 'down'): number | bigint {
  const exact = checkInteger64('bytes', bytes, { min: 0, max: MAX_64 });
  checkOneOf('direction', direction, ['up', 'down']);
  const page = BigInt(pageSize());
  const floor = exact - (exact % page);
  const rounded = direction === 'down' || floor === exact ? floor : floor + page;
  const max = typeof bytes === 'bigint' ? MAX_64 : BigInt(Number.MAX_SAFE_INTEGER);
  if (rounded > max) throw outOfRange('bytes', `<= ${max - (max % page)} to be rounded up`, bytes);
  return typeof bytes === 'bigint' ? rounded : Number(rounded);
}

const MAX_64 = 2n ** 64n - 1n;
