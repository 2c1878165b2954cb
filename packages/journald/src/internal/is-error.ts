/** Whether it is an Error: of any realm, or something that inherits from one. */
export function isError(value: object): value is Error {
  try {
    return value instanceof Error || Object.prototype.toString.call(value) === '[object Error]';
  } catch {
    // A revoked Proxy, and what throws when it is looked at.
    return false;
  }
}
