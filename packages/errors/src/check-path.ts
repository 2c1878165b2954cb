import { bufferOver, isOutOfBounds, isUint8Array } from './internal/byte-view.ts';
import { invalidArgType } from './invalid-arg-type.ts';
import { invalidArgValue } from './invalid-arg-value.ts';

const expectedUrl = 'a file: URL of this host without encoded slashes or null bytes';

/**
 * The path as text or bytes, once it is known to be one that a system call can take: not empty and without NUL.
 *
 * A `file:` URL becomes text. Bytes are copied: what was checked is what will be used, also when the caller (or, for a
 * SharedArrayBuffer, another thread) writes to them later.
 *
 * @param name The argument, or `options.something`.
 * @param value A string, a Buffer or Uint8Array, or a `file:` URL.
 * @throws `ERR_INVALID_ARG_TYPE` when it is none of these; `ERR_INVALID_ARG_VALUE` when it is empty, contains a NUL, is
 * a view of a buffer that is gone, or a URL that names no file of this host.
 * @example
 * ```ts
 * import { checkPath } from '@osx/errors';
 *
 * console.log(checkPath('path', new URL('file:///tmp/a%20b'))); // /tmp/a b
 * ```
 * @see {@link https://man7.org/linux/man-pages/man7/path_resolution.7.html path_resolution(7)}
 */
export function checkPath(name: string, value: unknown): string | Buffer {
  const path =
    typeof value === 'string' ? value : isUint8Array(value) ? copiedBytes(name, value) : urlPath(name, value);
  if (path.length === 0) throw invalidArgValue(name, 'a path that is not empty', value);
  if (path.includes('\0')) throw invalidArgValue(name, 'a path without null bytes', value);
  return path;
}

function copiedBytes(name: string, view: Uint8Array): Buffer {
  if (isOutOfBounds(view)) throw invalidArgValue(name, 'a view whose buffer is not detached', view);
  return Buffer.from(bufferOver(view));
}

function urlPath(name: string, value: unknown): string {
  const href = urlHref(value);
  if (href === undefined)
    throw invalidArgType(name, 'of type string or an instance of Buffer, Uint8Array or URL', value);
  try {
    return process.getBuiltinModule('node:url').fileURLToPath(href);
  } catch (cause) {
    throw invalidArgValue(name, expectedUrl, href, { cause });
  }
}

/** The text of a URL of any realm, read once; the same signs by which Node's fs knows one. */
function urlHref(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  try {
    const { href, protocol, auth, path } = value as Record<string, unknown>;
    const isUrl = typeof href === 'string' && typeof protocol === 'string' && auth === undefined && path === undefined;
    return isUrl ? href : undefined;
  } catch {
    return undefined;
  }
}
