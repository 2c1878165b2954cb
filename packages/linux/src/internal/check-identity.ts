import { checkBoolean, checkInteger, checkString, invalidArgType, invalidArgValue } from '@osx/errors';

import type { PidfdIdentity } from '../pidfd/pidfd-identity.ts';
import { FILE_HANDLE_HEADER_BYTES, FILE_HANDLE_MAX_BYTES } from './pidfd-structs.ts';

/** An identity that may be used, its handle decoded. */
export interface CheckedIdentity {
  readonly bootId: string;
  readonly pid: number;
  readonly handleBytes: Buffer | undefined;
  readonly isThread: boolean;
}

/** Checks an identity, which comes from a file more often than not, and decodes its handle. */
export function checkIdentity(identity: PidfdIdentity): CheckedIdentity {
  if (typeof identity !== 'object' || identity === null) {
    throw invalidArgType('identity', 'of type object', identity);
  }
  const { bootId, pid, inode, handle, thread } = identity;
  checkString('identity.bootId', bootId);
  checkInteger('identity.pid', pid, { min: 1, max: 2 ** 31 - 1 });
  if (!/^[1-9]\d{0,19}$/.test(checkString('identity.inode', inode))) {
    throw invalidArgValue('identity.inode', 'a decimal number', inode);
  }
  const handleBytes = handle === undefined ? undefined : decodeHandle(handle);
  return { bootId, pid, handleBytes, isThread: thread !== undefined && checkBoolean('identity.thread', thread) };
}

/** The kernel reads as many bytes as the handle says that it has: it must have them. */
function decodeHandle(handle: string): Buffer {
  const isHex = /^(?:[0-9a-f]{2})*$/.test(checkString('identity.handle', handle));
  const bytes = Buffer.from(isHex ? handle : '', 'hex');
  const size = bytes.length - FILE_HANDLE_HEADER_BYTES;
  if (size < 1 || size > FILE_HANDLE_MAX_BYTES || bytes.readUInt32LE(0) !== size) {
    throw invalidArgValue('identity.handle', 'a file handle in hexadecimal', handle);
  }
  return bytes;
}
