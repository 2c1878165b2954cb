/**
 * The bytes of a path as C wants them, with the NUL at the end. A string becomes UTF-8; bytes stay as they are.
 *
 * **Gotchas**: a NUL inside would cut the path; `checkPath` of `@osx/errors` refuses it before.
 */
export function toCString(path: string | Uint8Array): Buffer {
  return typeof path === 'string' ? Buffer.from(`${path}\0`) : Buffer.concat([path, Buffer.alloc(1)]);
}
