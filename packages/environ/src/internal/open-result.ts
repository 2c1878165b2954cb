/** An object that is being filled. */
export interface OpenResult {
  add(key: string, value: unknown, isSecret: boolean): void;
  close(): object;
}

type Inspect = (value: unknown, options: object) => string;

const shownSecret = '[secret]';

/**
 * Collects values under keys. Secret ones are got by accessors, so that nothing that walks over properties shows them, and the
 * object tells `util.inspect` and `JSON.stringify` what to show in their place.
 */
export function openResult(): OpenResult {
  const result: Record<string, unknown> = {};
  const secret: string[] = [];
  return {
    add(key, value, isSecret) {
      if (isSecret) {
        Object.defineProperty(result, key, { get: () => value, enumerable: true });
        secret.push(key);
      } else if (key === '__proto__') Object.defineProperty(result, key, { value, enumerable: true });
      else result[key] = value;
    },
    close() {
      if (secret.length > 0) hide(result, new Set(secret));
      return Object.freeze(result);
    },
  };
}

function hide(result: object, secret: ReadonlySet<string>): void {
  const shown = (stand: unknown): object => {
    const entries = Object.keys(result).map(
      (key) => [key, secret.has(key) ? stand : (result as Record<string, unknown>)[key]] as const,
    );
    return Object.fromEntries(entries);
  };
  Object.defineProperties(result, {
    toJSON: { value: () => shown(shownSecret) },
    [Symbol.for('nodejs.util.inspect.custom')]: {
      // As it is, not in quotes.
      value: (_: number, options: object, inspect: Inspect) =>
        inspect(shown({ [Symbol.for('nodejs.util.inspect.custom')]: () => shownSecret }), options),
    },
  });
}
