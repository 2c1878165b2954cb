import type { Stats } from 'node:fs';

import { SystemError } from '@osx/errors';

import type { WriteRequest } from './write-request.ts';

/** What stands at the target and must not be replaced by what the request brings. */
export function refuse(request: WriteRequest, stats: Stats | undefined): void {
  if (stats === undefined) return;
  const path = request.asked;
  if (request.exclusive) throw new SystemError({ code: 'EEXIST', syscall: 'rename', path });
  if (request.kind === 'directory') {
    if (!stats.isDirectory()) throw new SystemError({ code: 'ENOTDIR', syscall: 'rename', path });
    return;
  }
  if (stats.isDirectory()) throw new SystemError({ code: 'EISDIR', syscall: 'open', path });
  if (stats.isFile() || stats.isSymbolicLink()) return;
  const message = 'not a regular file; replacing a FIFO, socket or device would cut off who uses it';
  throw new SystemError({ code: 'EINVAL', syscall: 'open', path, message });
}
