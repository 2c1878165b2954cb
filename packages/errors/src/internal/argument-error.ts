/** An Error whose stack starts with `Name [CODE]: message`, as Node's own argument errors do. */
export function argumentError<E extends Error>(
  error: E,
  code: string,
  hideAbove: (...args: never[]) => unknown,
): E & { code: string } {
  const name = error.name;
  const hidden = { configurable: true, enumerable: false, writable: true };
  Object.defineProperty(error, 'name', { ...hidden, value: `${name} [${code}]` });
  Error.captureStackTrace(error, hideAbove);
  // V8 writes the head of the stack when it is read for the first time.
  void error.stack;
  Reflect.deleteProperty(error, 'name');
  return Object.assign(error, { code });
}

/** The common form: `The "timeoutMs" argument must be >= 0. Received NaN`; a dotted name is a property. */
export function argumentMessage(name: string, expected: string, received: string): string {
  return `The "${name}" ${name.includes('.') ? 'property' : 'argument'} must be ${expected}. Received ${received}`;
}
