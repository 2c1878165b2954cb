import { checkInteger64, outOfRange } from '@osx/errors';

/** The last byte that a record lock can cover: the largest off_t. */
const LAST_BYTE = 2n ** 63n - 1n;

/**
 * Start and length of a range counted from the start of the file, once it is known that it fits into off_t.
 *
 * @param name What the properties belong to: `lock`, `options`.
 * @param allowed `negativeLength`: the range may end before `start`, as POSIX has it.
 */
export function checkRange(
  name: string,
  { start = 0, length = 0 }: { start?: number | bigint | undefined; length?: number | bigint | undefined },
  allowed: { negativeLength: boolean },
): { start: bigint; length: bigint } {
  const first = checkInteger64(`${name}.start`, start, { min: 0 });
  const size = checkInteger64(`${name}.length`, length, allowed.negativeLength ? {} : { min: 0 });
  if (size > 0n && first + size - 1n > LAST_BYTE) {
    throw outOfRange(`${name}.length`, `<= ${LAST_BYTE - first + 1n} for a range from ${first}`, length);
  }
  if (first + size < 0n) throw outOfRange(`${name}.length`, `>= ${-first} for a range before ${first}`, length);
  return { start: first, length: size };
}
