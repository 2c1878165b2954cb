import { closeSync } from 'node:fs';

import { hasCode, isSystemError, isUnsupportedError } from '@osx/errors';

import type { PidfileRecord } from '../pidfile-record.ts';
import { exclusiveHolders, isProvenHolder, provenPids } from './exclusive-holders.ts';
import { FileChanges } from './file-changes.ts';
import type { OpenFile } from './regular-file.ts';
import { openToRead } from './regular-file.ts';
import { readRecord } from './record-file.ts';

/** Between locking and writing a starter does next to nothing; so long it is waited for where only its record can tell. */
const WRITING_MS = 1_000;

/**
 * Who has the lock of a pidfile that was refused: from the kernel; the record decides between several that share it.
 *
 * @returns null when nobody has it any more; undefined when it cannot be known from here.
 */
export async function findOwner(
  path: string | Buffer,
  signal: AbortSignal | undefined,
): Promise<number | null | undefined> {
  const known = await ownerNow(path);
  if (!Array.isArray(known)) return known;
  const changes = new FileChanges({ signal, timeoutMs: WRITING_MS });
  try {
    for (;;) {
      changes.watch(path);
      const owner = await ownerNow(path);
      if (!Array.isArray(owner)) return owner;
      if (changes.isOver) return owner[0];
      await changes.next();
    }
  } finally {
    changes.close();
  }
}

/** The pids of all who share it when nothing says which one owns it. */
async function ownerNow(path: string | Buffer): Promise<number | number[] | null | undefined> {
  let file: OpenFile;
  try {
    file = openToRead(path);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return null;
    if (isSystemError(error)) return undefined;
    throw error;
  }
  try {
    const recorded = recordedPid(file.fd, path);
    if (recorded !== undefined && (await isProvenHolder(file.fd, recorded))) return recorded;
    const holders = await exclusiveHolders(file.fd);
    const proven = provenPids(holders);
    if (holders.length === 0) return null;
    if (proven.length > 1) return proven;
    return proven[0] ?? holders.find(({ pid }) => pid !== null)?.pid ?? undefined;
  } catch (error) {
    if (isUnsupportedError(error)) return recordedPid(file.fd, path);
    throw error;
  } finally {
    closeSync(file.fd);
  }
}

/** Whatever its origin: it only counts where the kernel names the same pid. */
function recordedPid(fd: number, path: string | Buffer): PidfileRecord['pid'] | undefined {
  try {
    return readRecord(fd, path)?.pid;
  } catch (error) {
    if (isSystemError(error)) return undefined;
    throw error;
  }
}
