import { closeSync, constants, openSync, renameSync, unlinkSync, writeSync } from 'node:fs';

import { SystemError, withSystemErrors } from '@osx/errors';
import { besidePath } from './absolute-path.ts';

/**
 * Puts a new file in the place of the old one, in one step for every reader. From the same directory, hence on the same
 * file system. Nothing is flushed: in the next boot the content means nothing.
 */
export function replaceFile(path: string | Buffer, text: string, mode: number): void {
  const { randomBytes } = process.getBuiltinModule('node:crypto');
  const temporary = besidePath(path, `.heartbeat-${randomBytes(8).toString('hex')}.tmp`);
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | (constants.O_NOFOLLOW ?? 0);
  withSystemErrors(() => {
    const fd = openSync(temporary, flags, mode);
    try {
      writeAndClose(fd, text);
      renameSync(temporary, path);
    } catch (error) {
      unlinkSync(temporary);
      throw error;
    }
  }, path);
}

function writeAndClose(fd: number, text: string): void {
  try {
    const bytes = Buffer.from(text);
    if (writeSync(fd, bytes) < bytes.length) throw new SystemError({ code: 'ENOSPC', syscall: 'write' });
  } finally {
    closeSync(fd);
  }
}
