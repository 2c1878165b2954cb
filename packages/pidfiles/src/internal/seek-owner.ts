import { closeSync, statSync } from 'node:fs';

import { hasCode, isSystemError, SystemError } from '@osx/errors';
import type { LockHolder } from '@osx/fcntl';

import type { PidfileRecord } from '../pidfile-record.ts';
import type { Backend } from '../select-backend.ts';
import { exclusiveHolders, isProvenHolder, provenPids } from './exclusive-holders.ts';
import { startTimeOf } from './process-facts.ts';
import { readRecord } from './record-file.ts';
import { isSameFile, openToRead } from './regular-file.ts';
import type { OpenFile } from './regular-file.ts';

type OpenPidfd = Backend['openPidfd'];
type Pidfd = ReturnType<OpenPidfd>;

/** Why there is no owner yet although somebody has the lock. */
export interface Undecided {
  readonly owner: undefined;
  readonly why: string;
  readonly cause?: unknown;
}

/** The owner, pinned, or why not. */
export type Sought = { readonly owner: Pidfd; readonly record: PidfileRecord } | Undecided;

/** A process that may be the owner. @param isProven The kernel shows it with the lock; else only the record names it. */
interface Candidate {
  readonly pid: number;
  readonly isProven: boolean;
}

/**
 * Looks once for the process that owns a pidfile: whom the record names and the kernel shows with the lock.
 *
 * @throws {SystemError} ESRCH when nobody has the lock, EACCES when it cannot be known who has.
 */
export async function seekOwner(path: string | Buffer, openPidfd: OpenPidfd): Promise<Sought> {
  const file = openPidfile(path);
  try {
    const { record, garbage } = readOrGarbage(file.fd, path);
    if (record !== null && meansOurPids(record) && (await isProvenHolder(file.fd, record.pid))) {
      const owner = await pin(file, path, record, { pid: record.pid, isProven: true }, openPidfd);
      if (owner !== undefined) return { owner, record };
    }
    const holders = await exclusiveHolders(file.fd);
    if (holders.length === 0) throw nobody(path, record, garbage);
    if (record === null) return { owner: undefined, why: `${describe(holders)}, and has not written`, cause: garbage };
    for (const candidate of candidates(path, record, holders)) {
      const owner = await pin(file, path, record, candidate, openPidfd);
      if (owner !== undefined) return { owner, record };
    }
    return { owner: undefined, why: `${describe(holders)}, and the record names process ${record.pid}` };
  } finally {
    closeSync(file.fd);
  }
}

/**
 * Opens the pid and then asks everything again. What holds afterwards holds for the process that the pidfd pins: it was
 * alive at the last question, so its pid was nobody else's at all the questions before.
 */
async function pin(
  file: OpenFile,
  path: string | Buffer,
  record: PidfileRecord,
  { pid, isProven }: Candidate,
  openPidfd: OpenPidfd,
): Promise<Pidfd | undefined> {
  let pidfd: Pidfd;
  try {
    pidfd = openPidfd(pid);
  } catch (error) {
    // EINVAL: by now it is the number of a thread.
    if (hasCode(error, ['ESRCH', 'EINVAL'])) return undefined;
    throw error;
  }
  let isOwner = false;
  try {
    isOwner =
      isRecorded(pidfd, record) &&
      (isProven ? await isProvenHolder(file.fd, pid) : (await exclusiveHolders(file.fd, pid)).length > 0) &&
      readOrGarbage(file.fd, path).record?.pid === record.pid &&
      isSameFile(file.stats, statSync(path, { bigint: true, throwIfNoEntry: false })) &&
      pidfd.isAlive();
    return isOwner ? pidfd : undefined;
  } finally {
    if (!isOwner) pidfd.close();
  }
}

/** Whom else than the recorded pid, proven, the record may mean. */
function candidates(path: string | Buffer, record: PidfileRecord, holders: readonly LockHolder[]): Candidate[] {
  const isHidden = holders.some(({ isProven }) => !isProven);
  if (record.origin === 'other-boot') return [];
  if (record.identity === undefined) {
    if (!isHidden) return [];
    const message = 'the process that has the lock may not be looked at, and the record has no identity to know it by';
    throw new SystemError({ code: 'EACCES', syscall: 'open', path, message });
  }
  const proven = provenPids(holders).map((pid) => ({ pid, isProven: true }));
  // Only in another pid namespace the owner may have another number than the recorded one.
  if (record.origin === 'other-pid-namespace') return proven;
  return isHidden ? [{ pid: record.pid, isProven: false }] : [];
}

function isRecorded(pidfd: Pidfd, { identity, startTime, origin }: PidfileRecord): boolean {
  if (identity !== undefined) return pidfd.isSame(identity);
  return startTime === undefined || origin !== 'here' || startTime === startTimeOf(pidfd.pid);
}

function meansOurPids({ origin }: PidfileRecord): boolean {
  return origin === 'here' || origin === 'unknown';
}

function openPidfile(path: string | Buffer): OpenFile {
  try {
    return openToRead(path);
  } catch (cause) {
    if (!hasCode(cause, 'ENOENT')) throw cause;
    throw new SystemError({ code: 'ESRCH', syscall: 'open', path, message: 'nobody has it: no such file', cause });
  }
}

/** Garbage may be what a crashed writer left behind, and its successor has the lock and is about to write. */
function readOrGarbage(fd: number, path: string | Buffer): { record: PidfileRecord | null; garbage?: unknown } {
  try {
    return { record: readRecord(fd, path) };
  } catch (garbage) {
    if (!isSystemError(garbage, 'ERR_OSX_INVALID_PIDFILE')) throw garbage;
    return { record: null, garbage };
  }
}

function nobody(path: string | Buffer, record: PidfileRecord | null, garbage: unknown): unknown {
  if (garbage !== undefined) return garbage;
  if (record?.origin === 'other-pid-namespace') {
    const message = 'who has it, if anybody, is out of sight: the record is of another pid namespace';
    return new SystemError({ code: 'EACCES', syscall: 'open', path, message });
  }
  return new SystemError({ code: 'ESRCH', syscall: 'flock', path, message: 'nobody has it locked' });
}

function describe(holders: readonly LockHolder[]): string {
  const pids = holders.map(({ pid }) => pid ?? 'unknown');
  return `process ${pids.join(', ')} has the lock`;
}
