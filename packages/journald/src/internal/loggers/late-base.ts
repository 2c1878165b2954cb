type AnyClass = abstract new (...args: never[]) => object;

/**
 * Makes a class extend another one that is looked for only when the first object is made, because loading it costs time or
 * may fail. Call it before `super()`, which looks up the class above when it runs.
 */
export function extendLate(Class: AnyClass, findBase: () => AnyClass): void {
  const present = Object.getPrototypeOf(Class) as AnyClass;
  if (present !== NotFoundYet) return;
  const Base = findBase();
  Object.setPrototypeOf(Class, Base);
  Object.setPrototypeOf(Class.prototype as object, Base.prototype as object);
}

/** What a class extends until then. */
// oxlint-disable-next-line typescript/no-extraneous-class -- a stand-in
export const NotFoundYet: AnyClass = class {};
