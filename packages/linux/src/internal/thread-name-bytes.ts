import { invalidArgType, outOfRange } from '@osx/errors';

import { cutUtf8 } from './cut-utf8.ts';
import { TASK_COMM_BYTES } from './prctl-constants.ts';

const MAX_BYTES = TASK_COMM_BYTES - 1;

/** A thread's name as the kernel keeps it, without the NUL: refused, or cut, where it is too long. */
export function threadNameBytes(argument: string, name: string | Buffer, truncate: boolean): Buffer {
  if (typeof name !== 'string' && !Buffer.isBuffer(name)) {
    throw invalidArgType(argument, 'a string or a Buffer', name);
  }
  const bytes = typeof name === 'string' ? Buffer.from(name) : name;
  if (bytes.includes(0)) throw outOfRange(argument, 'bytes without NUL', name);
  if (bytes.length > MAX_BYTES && !truncate) throw outOfRange(argument, `at most ${MAX_BYTES} bytes`, name);
  return typeof name === 'string' ? cutUtf8(bytes, MAX_BYTES) : bytes.subarray(0, MAX_BYTES);
}
