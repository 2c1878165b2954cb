/** A property of an object of Node's that we have replaced. */
export interface PropertyPatch {
  /** Makes it what it was; where somebody has replaced ours in the meantime, ours stays below and does nothing. */
  undo(): void;
}

/**
 * Replaces a function that is a property.
 *
 * @param replace Makes the replacement; it asks `isActive` at each call, and does nothing of its own when that is false.
 */
export function patchProperty<T extends object, K extends keyof T>(
  object: T,
  name: K,
  replace: (original: T[K], isActive: () => boolean) => T[K],
): PropertyPatch {
  const descriptor = Object.getOwnPropertyDescriptor(object, name) as PropertyDescriptor;
  let isActive = true;
  const replacement = replace(object[name], () => isActive);
  Object.defineProperty(object, name, { ...descriptor, value: replacement });
  return {
    undo() {
      isActive = false;
      if (object[name] === replacement) Object.defineProperty(object, name, descriptor);
    },
  };
}
