/** Marks an EnvironError of any copy of this package, in any realm. */
export const environErrorBrand: unique symbol = Symbol.for('@osx/environ/EnvironError') as never;

/** Marks an EnvVar of any copy of this package. */
export const envVarBrand: unique symbol = Symbol.for('@osx/environ/EnvVar') as never;

/** Marks a VariableType of any copy of this package. */
export const variableTypeBrand: unique symbol = Symbol.for('@osx/environ/VariableType') as never;

/** Whether a value has a mark; for any value. */
export function hasBrand(value: unknown, brand: symbol): boolean {
  if (typeof value !== 'object' || value === null) return false;
  try {
    return (value as Record<symbol, unknown>)[brand] === true;
  } catch {
    // A revoked Proxy, or a getter that throws.
    return false;
  }
}
