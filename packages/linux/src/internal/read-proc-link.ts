import { statSync } from 'node:fs';

import { hasCode } from '@osx/errors';

import type { ProcLink } from '../proc/proc-link.ts';
import type { ProcDirectory } from './proc-directory.ts';

const DELETED = Buffer.from(' (deleted)');

/** Where a link of the process leads; null where it has none, as `exe` of a kernel thread. */
export function readProcLink(directory: ProcDirectory, name: string): ProcLink<Buffer> | null {
  let target: Buffer;
  try {
    target = directory.readLink(name);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return null;
    throw error;
  }
  const isMarked = target.subarray(-DELETED.length).equals(DELETED);
  if (!isMarked || isFileOfThatName(directory, name, target)) return { target, isDeleted: false };
  return { target: target.subarray(0, -DELETED.length), isDeleted: true };
}

/** The same link as text. */
export function decodeLink(link: ProcLink<Buffer>): ProcLink {
  return { target: link.target.toString('utf8'), isDeleted: link.isDeleted };
}

/** Whether the whole text is the name of the very file, as this process or that one sees it. */
function isFileOfThatName(directory: ProcDirectory, name: string, target: Buffer): boolean {
  const inside = Buffer.concat([Buffer.from(directory.path('root')), target]);
  const file = fileIdentity(directory.path(name));
  return file !== undefined && (fileIdentity(target) === file || fileIdentity(inside) === file);
}

function fileIdentity(path: string | Buffer): string | undefined {
  try {
    const { dev, ino } = statSync(path, { bigint: true });
    return `${dev}:${ino}`;
  } catch {
    return undefined;
  }
}
