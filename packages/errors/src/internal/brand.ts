/** What marks a SystemError of any copy of this package, in any realm: the registry of symbols is common to all. */
export const systemErrorBrand: unique symbol = Symbol.for('@osx/errors/SystemError') as never;
