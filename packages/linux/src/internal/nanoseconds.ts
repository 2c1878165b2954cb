import { invalidArgType, outOfRange } from '@osx/errors';

const NS_PER_MS = 1_000_000;
/** The kernel's times are signed 64-bit nanoseconds: 292 years. */
const MAX_NS = 2n ** 63n - 1n;

/** The nanoseconds in a number of milliseconds, whose fraction counts, or in a bigint of nanoseconds. */
export function nanoseconds(
  name: string,
  value: unknown,
  { min = 0n, hint = '' }: { readonly min?: bigint; readonly hint?: string } = {},
): bigint {
  const expected = `>= ${min} ns and < 2 ** 63 ns${hint}`;
  let ns: bigint;
  if (typeof value === 'bigint') ns = value;
  else if (typeof value !== 'number') {
    throw invalidArgType(name, 'a number of milliseconds or a bigint of nanoseconds', value);
  } else if (!Number.isFinite(value)) throw outOfRange(name, expected, value);
  else {
    // In two parts: Date.now() in nanoseconds is beyond what a number can hold.
    const whole = Math.trunc(value);
    ns = BigInt(whole) * BigInt(NS_PER_MS) + BigInt(Math.round((value - whole) * NS_PER_MS));
  }
  if (ns < min || ns > MAX_NS) throw outOfRange(name, expected, value);
  return ns;
}
