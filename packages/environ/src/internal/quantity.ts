/** A decimal number without sign, exactly: `1.25` is 125 / 10 ** 2. */
export interface Decimal {
  readonly digits: bigint;
  readonly places: number;
}

const longest = 40;

/** The number of a text such as `12` or `1.25`; `undefined` for `.5`, `5.`, `007`, signs and exponents. */
export function decimalOf(text: string): Decimal | undefined {
  const match = text.length > longest ? null : /^(0|[1-9]\d*)(?:\.(\d+))?$/.exec(text);
  if (match === null) return undefined;
  const fraction = match[2] ?? '';
  return { digits: BigInt(`${match[1]}${fraction}`), places: fraction.length };
}

/** How many of the smallest unit; `undefined` where that is not a whole number. */
export function wholeUnits({ digits, places }: Decimal, unit: bigint): bigint | undefined {
  const scale = 10n ** BigInt(places);
  const product = digits * unit;
  return product % scale === 0n ? product / scale : undefined;
}
