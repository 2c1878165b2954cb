/** The bigint as a number where it is exact as one; else as it is. */
export function safeNumber(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}
