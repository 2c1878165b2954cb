import type { EnvVar } from '../env-var.ts';

type Inspect = (value: unknown, options: object) => string;

const shownSecret = '[secret]';
const inspectSymbol = Symbol.for('nodejs.util.inspect.custom');
/** Inspected, it is the text without quotes. */
const inspectedSecret = { [inspectSymbol]: () => shownSecret };

/**
 * What makes a frozen object of values, in the order of the variables. Secret ones are got by accessors, so that nothing that walks
 * over properties shows them, and the object tells `util.inspect` and `JSON.stringify` what to show in their place.
 */
export function resultBuilder(
  variables: readonly (readonly [key: string, variable: EnvVar<unknown, boolean>])[],
): (values: readonly unknown[]) => object {
  const fields = variables.map(([key, { isSecret }]) => ({ key, isSecret }));
  const hiding = hidingProperties(new Set(fields.filter(({ isSecret }) => isSecret).map(({ key }) => key)));
  return (values) => {
    const result: Record<string, unknown> = {};
    let index = 0;
    for (const { key, isSecret } of fields) {
      const value = values[index++];
      if (isSecret) Object.defineProperty(result, key, { get: () => value, enumerable: true });
      else if (key === '__proto__') Object.defineProperty(result, key, { value, enumerable: true });
      else result[key] = value;
    }
    if (hiding !== undefined) Object.defineProperties(result, hiding);
    return Object.freeze(result);
  };
}

function hidingProperties(secret: ReadonlySet<string>): PropertyDescriptorMap | undefined {
  if (secret.size === 0) return undefined;
  const shown = (result: object, stand: unknown): object =>
    Object.fromEntries(
      Object.entries(result).map(([key, value]) => [key, secret.has(key) ? stand : (value as unknown)]),
    );
  return {
    toJSON: {
      value(this: object) {
        return shown(this, shownSecret);
      },
    },
    [inspectSymbol]: {
      value(this: object, _: number, options: object, inspect: Inspect) {
        return inspect(shown(this, inspectedSecret), options);
      },
    },
  };
}
