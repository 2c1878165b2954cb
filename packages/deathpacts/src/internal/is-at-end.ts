import { readSync } from 'node:fs';

import { asSystemError, hasCode } from '@osx/errors';

const CHUNK_BYTES = 4_096;

/** Whether nobody can write any more; reads what is there, and drops it. For descriptors in non-blocking mode. */
export function isAtEnd(fd: number): boolean {
  const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  try {
    while (readSync(fd, chunk) > 0);
    return true;
  } catch (error) {
    if (hasCode(error, ['EAGAIN', 'EINTR'])) return false;
    if (hasCode(error, ['ECONNRESET', 'ENOTCONN'])) return true;
    throw asSystemError(error);
  }
}
