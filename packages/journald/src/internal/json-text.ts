import { isError } from './is-error.ts';

/** An object as JSON that always comes to an end and never throws. */
export function jsonText(value: object): string | undefined {
  try {
    const json = JSON.stringify(value, circleFreeReplacer()) as string | undefined;
    // What says of itself that it is a text (a URL, an id of a database) is that text, not a quoted one.
    return json?.startsWith('"') === true ? (JSON.parse(json) as string) : json;
  } catch (error) {
    return throwsText(error);
  }
}

/** What stands for a value that could not be read. */
export function throwsText(error: unknown): string {
  try {
    return `[Throws: ${error instanceof Error ? error.message : String(error)}]`;
  } catch {
    return '[Throws]';
  }
}

/** Remembers the objects around the present one: as they are, and as what they were replaced by. */
function circleFreeReplacer(): (this: unknown, key: string, value: unknown) => unknown {
  const originals: unknown[] = [];
  const holders: unknown[] = [];
  return function (key, value) {
    const original = (this as Record<string, unknown>)[key];
    if (typeof value === 'bigint') return String(value);
    if (ArrayBuffer.isView(original)) {
      return Buffer.from(original.buffer, original.byteOffset, original.byteLength).toString('base64');
    }
    if (typeof value !== 'object' || value === null) return value;
    while (holders.length > 0 && holders.at(-1) !== this) {
      holders.pop();
      originals.pop();
    }
    if (originals.includes(original)) return '[Circular]';
    const replaced = plain(value);
    originals.push(original);
    holders.push(replaced);
    return replaced;
  };
}

function plain(value: object): object {
  const { types } = process.getBuiltinModule('node:util');
  if (types.isMap(value) || types.isSet(value)) return [...value];
  if (!isError(value)) return value;
  const { name, message, stack, cause } = value;
  return { ...(value as object), name, message, stack, ...(cause === undefined ? {} : { cause }) };
}
