import { existsSync, readFileSync } from 'node:fs';

import { checkInteger, checkOptions, checkPath, invalidArgType, UnsupportedError } from '@osx/errors';
import type { PathLike } from '@osx/errors';

import { kernelInode } from './internal/kernel-inode.ts';
import { parseProcLock, procLockKey } from './internal/parse-proc-lock.ts';
import type { ProcLock } from './internal/parse-proc-lock.ts';
import { procLockOwners } from './internal/proc-lock-owners.ts';
import type { LockKind } from './lock-options.ts';

/** One process that keeps a lock on a file. */
export interface LockHolder {
  /** null when the kernel names nobody, and the holder is among the processes that this one may not read. */
  readonly pid: number | null;
  readonly kind: LockKind;
  readonly shared: boolean;
  /** The locked bytes; length 0 is to the end of the file and beyond. */
  readonly range: { readonly start: number | bigint; readonly length: number | bigint };
  /**
   * true: the process was seen with the open file that holds the lock. false: the lock exists, and `pid` is whom the
   * kernel's table names: the process that took it, which may have handed it on.
   */
  readonly isProven: boolean;
}

/** Options of {@link lockHolders}. */
export interface LockHoldersOptions {
  /**
   * Looks at these processes only, which takes microseconds and not milliseconds: whether they hold a lock. What others
   * hold is not listed, or listed with `isProven: false`. Default: all processes.
   */
  readonly pids?: readonly number[] | undefined;
}

/**
 * Who holds locks on a file, by any program: the processes that keep them, not those that once took them.
 *
 * `/proc/locks` names for a flock the process that took it, even when that is dead and a child keeps the lock, and for
 * an OFD lock nobody. The true holders are those whose open descriptors carry the lock (`/proc/PID/fdinfo`). Two
 * processes that share an open file are two holders of its lock.
 *
 * **Platform** Linux 3.15, with procfs.
 *
 * **Gotchas** The answer is old when it arrives: for people and logs, not for decisions. Descriptors of other users'
 * processes can be read by root only; their locks are listed with `isProven: false`. Holders in other containers or on
 * other machines do not appear. It looks at every process: some milliseconds, tens on a full server.
 *
 * @param path Followed through symbolic links.
 * @param options See {@link LockHoldersOptions}.
 * @returns Proven holders first, by pid; empty when nobody holds a lock.
 * @throws {TypeError|RangeError} on a bad argument, before any system call.
 * @throws {SystemError} ENOENT, EACCES, ENOTDIR, ELOOP.
 * @throws {UnsupportedError} elsewhere.
 * @example
 * ```ts
 * import { lockFile, lockHolders } from '@osx/fcntl';
 *
 * using lock = await lockFile('job.lock');
 * const [holder] = await lockHolders('job.lock');
 * console.log(holder?.pid === process.pid, holder?.kind, lock.kind); // true ofd ofd
 * ```
 * @see https://man7.org/linux/man-pages/man5/proc_locks.5.html
 */
export async function lockHolders(path: PathLike, options?: LockHoldersOptions): Promise<LockHolder[]> {
  const checkedPath = checkPath('path', path);
  const pids = checkPids(checkOptions('options', options).pids);
  if (process.platform !== 'linux' || !existsSync('/proc/locks')) {
    throw new UnsupportedError({ feature: 'naming the holders of a lock', requires: 'Linux with procfs' });
  }
  const inode = kernelInode(checkedPath);
  // The table first: a lock that changes hands in between is then listed once too often rather than not at all.
  const table = locksInTable(inode.name);
  const owners = await procLockOwners(inode, pids);
  const proven = owners.map(({ pid, lock }) => holder(lock, pid, true)).toSorted((a, b) => (a.pid ?? 0) - (b.pid ?? 0));
  const seen = owners.map(({ lock }) => procLockKey(lock));
  return [
    ...proven.filter(isFirstOfItsKind),
    ...unseen(table, seen).map((lock) => holder(lock, namedPid(lock), false)),
  ];
}

function checkPids(pids: LockHoldersOptions['pids']): number[] | undefined {
  if (pids === undefined) return undefined;
  if (!Array.isArray(pids)) throw invalidArgType('options.pids', 'an instance of Array', pids);
  return pids.map((pid, index) => checkInteger(`options.pids[${index}]`, pid, { min: 1, max: 2 ** 31 - 1 }));
}

function locksInTable(inode: string): ProcLock[] {
  return readFileSync('/proc/locks', 'latin1')
    .split('\n')
    .map(parseProcLock)
    .filter((lock) => lock?.inode === inode) as ProcLock[];
}

/** The locks of the table that no descriptor accounts for. */
function unseen(table: readonly ProcLock[], seen: readonly string[]): ProcLock[] {
  const left = [...seen];
  return table.filter((lock) => {
    const index = left.indexOf(procLockKey(lock));
    if (index !== -1) left.splice(index, 1);
    return index === -1;
  });
}

function namedPid({ pid }: ProcLock): number | null {
  return pid > 0 && existsSync(`/proc/${pid}`) ? pid : null;
}

function holder({ kind, shared, start, length }: ProcLock, pid: number | null, isProven: boolean): LockHolder {
  return { pid, kind, shared, range: { start, length }, isProven };
}

/** A process with two descriptors of one open file shows its lock twice. */
function isFirstOfItsKind(one: LockHolder, index: number, all: readonly LockHolder[]): boolean {
  return all.findIndex((other) => isSame(one, other)) === index;
}

function isSame(a: LockHolder, b: LockHolder): boolean {
  return a.pid === b.pid && a.kind === b.kind && a.shared === b.shared && isSameRange(a.range, b.range);
}

function isSameRange(a: LockHolder['range'], b: LockHolder['range']): boolean {
  return a.start === b.start && a.length === b.length;
}
