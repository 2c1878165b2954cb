/** Stands for a value in a message that shows types only: primitives would be shown themselves. */
export function withheldValue(value: unknown): unknown {
  return value === null || value === undefined ? value : Object(value);
}
