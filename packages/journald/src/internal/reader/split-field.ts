/** The longest name that journald stores, and the `=`. */
const LONGEST_NAME = 64 + 1;

/** How much of `NAME=value` must be copied for a value of so many bytes at most; a threshold of 0 is none. */
export function cutFieldCopy(length: number, threshold: number): number {
  return threshold === 0 ? length : Math.min(length, LONGEST_NAME + threshold);
}

export function splitField(data: Buffer, threshold: number): [name: string, value: Buffer] {
  const equals = data.indexOf(0x3d);
  const value = data.subarray(equals + 1);
  return [data.toString('latin1', 0, equals), threshold === 0 ? value : value.subarray(0, threshold)];
}
