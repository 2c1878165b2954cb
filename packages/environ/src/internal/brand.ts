/** Marks an EnvironError of any copy of this package, in any realm. */
export const environErrorBrand: unique symbol = Symbol.for('@osx/environ/EnvironError') as never;
