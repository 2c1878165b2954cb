import { printable } from './printable.ts';

const longestString = 28;

/** How Node's argument errors show a value of the wrong type; never runs the value's own code unguarded. */
export function receivedType(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (typeof value === 'function') return ownText(value, 'name') ? `function ${ownText(value, 'name')}` : 'a function';
  if (typeof value === 'object') return receivedObject(value);
  return `type ${typeof value} (${primitiveText(value)})`;
}

/** How Node's argument errors show a value of the right type that will not do. */
export function receivedValue(value: unknown): string {
  return typeof value === 'object' || typeof value === 'function' ? receivedType(value) : primitiveText(value);
}

function receivedObject(value: object): string {
  try {
    if (Object.getPrototypeOf(value) === null) return '[Object: null prototype]';
    const name = ownText((value as { constructor?: unknown }).constructor, 'name');
    return name ? `an instance of ${name}` : 'an object';
  } catch {
    return 'an object';
  }
}

function ownText(value: unknown, key: string): string {
  try {
    const text = (value as Record<string, unknown>)[key];
    return typeof text === 'string' ? shortened(text) : '';
  } catch {
    return '';
  }
}

function primitiveText(value: unknown): string {
  if (typeof value === 'string') return `'${shortened(value)}'`;
  if (typeof value === 'bigint') return bigintText(value);
  if (typeof value === 'symbol') return shortened(String(value));
  return Object.is(value, -0) ? '-0' : String(value);
}

/** A huge one has too many digits for a message. */
function bigintText(value: bigint): string {
  const fits = value === BigInt.asIntN(129, value);
  return fits ? `${value}n` : 'a bigint of over 128 bits';
}

function shortened(text: string): string {
  return printable(text.length > longestString ? `${text.slice(0, longestString - 3)}...` : text);
}
