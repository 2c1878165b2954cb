import type { LockKind } from '../lock-options.ts';
import { safeNumber } from './safe-number.ts';

/** One lock in the words of /proc/locks. */
export interface ProcLock {
  readonly kind: LockKind;
  readonly shared: boolean;
  /** Who took it: -1 for an OFD lock; of a flock maybe dead, with the lock kept by others. */
  readonly pid: number;
  /** `major:minor:inode` as the kernel prints it. */
  readonly inode: string;
  readonly start: number | bigint;
  /** 0 is to the end of the file and beyond. */
  readonly length: number | bigint;
}

const KINDS: Readonly<Record<string, LockKind | undefined>> = { OFDLCK: 'ofd', FLOCK: 'flock', POSIX: 'posix' };

/**
 * Reads a line of /proc/locks, or of an fdinfo file behind `lock:`, such as
 * `1: POSIX  ADVISORY  WRITE 30047 fe:00:2212981 5 14`.
 *
 * @returns undefined for a waiter (`->`), a lease, and what is no lock line.
 */
export function parseProcLock(line: string): ProcLock | undefined {
  const [, type = '', , mode, pid, inode = '', first = '', last = ''] = line.trim().split(/\s+/);
  const kind = KINDS[type];
  if (kind === undefined || !/^\d+$/.test(first) || !/^(\d+|EOF)$/.test(last)) return undefined;
  const start = BigInt(first);
  const length = last === 'EOF' ? 0n : BigInt(last) - start + 1n;
  return {
    kind,
    shared: mode === 'READ',
    pid: Number(pid),
    inode,
    start: safeNumber(start),
    length: safeNumber(length),
  };
}

/** The same text for locks that differ in nothing that can be seen. */
export function procLockKey({ kind, shared, pid, start, length }: ProcLock): string {
  return [kind, shared, pid, start, length].join(' ');
}
