import { checkBoolean, checkFd, checkOptions, checkPath, invalidArgType, outOfRange } from '@osx/errors';
import { defineCall, nonNegativeOrError, toCString, zeroOrError, type CType, type NativeCall } from '@osx/native-ffi';

import type { XattrOptions, XattrTarget } from '../xattr/xattr-target.ts';

import { ERANGE } from './errno-numbers.ts';

type Kind = 'path' | 'link' | 'fd';
interface Member {
  readonly syscall: string;
  readonly call: NativeCall;
}

interface CheckedTarget {
  readonly kind: Kind;
  readonly first: Buffer | number;
  readonly path: string | Buffer | undefined;
}

const PREFIX = { path: '', link: 'l', fd: 'f' } as const;

/** The three functions of one family: getxattr, lgetxattr, fgetxattr. */
export function defineFamily(
  name: string,
  parameters: readonly CType[],
  returns: 'ssize_t' | 'int',
): Record<Kind, Member> {
  const decode = returns === 'int' ? zeroOrError : nonNegativeOrError;
  const define = (kind: Kind): Member => ({
    syscall: PREFIX[kind] + name,
    call: defineCall({
      name: PREFIX[kind] + name,
      returns,
      parameters: [kind === 'fd' ? 'int' : 'pointer', ...parameters],
      decode,
    }),
  });
  return { path: define('path'), link: define('link'), fd: define('fd') };
}

/** The checked target of a call: which function of the family, and its first argument. */
export function checkTarget(target: XattrTarget, options: XattrOptions | undefined): CheckedTarget {
  const { followSymlinks = true } = checkOptions('options', options);
  checkBoolean('options.followSymlinks', followSymlinks);
  const fd = isFdLike(target) ? target.number : target;
  if (typeof fd === 'number') return { kind: 'fd', first: checkFd('target', fd), path: undefined };
  const path = checkPath('target', fd);
  return { kind: followSymlinks ? 'path' : 'link', first: toCString(path), path };
}

function isFdLike(target: XattrTarget): target is { readonly number: number } {
  return typeof target === 'object' && target !== null && 'number' in target;
}

const MAX_NAME_BYTES = 255;

/** The NUL-terminated attribute name, such as `user.comment`. */
export function checkName(name: string | Buffer): Buffer {
  if (typeof name !== 'string' && !Buffer.isBuffer(name)) throw invalidArgType('name', 'a string or a Buffer', name);
  const bytes = toCString(name);
  if (bytes.length === 1 || bytes.indexOf(0) !== bytes.length - 1 || bytes.length > MAX_NAME_BYTES + 1) {
    throw outOfRange('name', `1 to ${MAX_NAME_BYTES} bytes without NUL`, name);
  }
  return bytes;
}

const scratch = Buffer.alloc(1024);

/**
 * What a call that fills a buffer returns, copied out, however long it is and however it grows between the calls.
 *
 * @param call Fills the buffer; returns the length or the negative errno, and with an empty buffer the length alone.
 * @returns The bytes, or the negative errno.
 */
export function readGrowing(call: (bytes: Buffer) => number): Buffer | number {
  let bytes = scratch;
  for (;;) {
    const length = call(bytes);
    if (length >= 0) return bytes === scratch ? Buffer.from(bytes.subarray(0, length)) : bytes.subarray(0, length);
    if (length !== -ERANGE) return length;
    const needed = call(Buffer.alloc(0));
    if (needed < 0) return needed;
    bytes = Buffer.alloc(Math.max(needed, bytes.length * 2));
  }
}
