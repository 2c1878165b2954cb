import { statSync } from 'node:fs';

import { hasCode, isSystemError } from '@osx/errors';
import { lockHolders } from '@osx/fcntl';

import type { PidfileRecord } from '../../pidfile-record.ts';
import { pinPidfileOwner } from '../../pin-pidfile-owner.ts';
import { readPidfile } from '../../read-pidfile.ts';

/**
 * What a pidfile is just now.
 *
 * - `running`: the process that it names holds it.
 * - `locked-by-unnamed`: somebody holds it whom it does not name: a starter that has not written yet, or a child that
 *   inherited the lock from a process that is gone.
 * - `stale`: it names a process, and nobody holds it.
 * - `empty`, `absent`: it names nobody, and nobody holds it.
 * - `garbage`: it is no pidfile, and nobody holds it.
 * - `unknown`: it names a process of another pid namespace, whose locks do not show here.
 */
export type PidfileState = 'running' | 'locked-by-unnamed' | 'stale' | 'empty' | 'absent' | 'garbage' | 'unknown';

export interface PidfileStatus {
  readonly state: PidfileState;
  readonly record: PidfileRecord | null;
  /** The running process, as numbered here. */
  readonly pid: number | null;
  /** Who holds the lock. */
  readonly holders: readonly number[];
  /** false: the holder is another user's process and could not be looked at; that it holds the lock is the kernel's table's word. */
  readonly isProven: boolean;
  /** Why it is garbage. */
  readonly problem?: string;
}

/** Looks at a pidfile without changing anything, and without waiting. */
export async function findStatus(path: Buffer): Promise<PidfileStatus> {
  const { record, problem, isFile } = whatItSays(path);
  const base = { record, pid: null, holders: [], isProven: true, ...(problem !== undefined && { problem }) };
  if (!isFile) return { ...base, state: problem === undefined ? 'absent' : 'garbage' };
  let isHidden = false;
  try {
    const owner = await pinPidfileOwner(path, { timeoutMs: 0 });
    owner.close();
    return { ...base, state: 'running', record: owner.record, pid: owner.pid, holders: [owner.pid] };
  } catch (error) {
    isHidden = hasCode(error, 'EACCES');
    if (isSystemError(error, ['ESRCH', 'ENOENT'])) return { ...base, state: unheldState(path, base) };
    if (!isSystemError(error, ['ETIMEDOUT', 'EACCES', 'ERR_OSX_INVALID_PIDFILE'])) throw error;
  }
  const holders = (await lockHolders(path)).filter(({ shared }) => !shared);
  const pids = holders.flatMap(({ pid }) => (pid === null ? [] : [pid]));
  if (holders.length === 0) return { ...base, state: unheldState(path, base) };
  const isProven = holders.every((one) => one.isProven);
  const isNamed = isHidden && record?.origin !== 'other-pid-namespace' && pids.includes(record?.pid ?? 0);
  const state = isNamed ? 'running' : 'locked-by-unnamed';
  return { ...base, state, pid: isNamed ? (record?.pid ?? null) : null, holders: pids, isProven };
}

function whatItSays(path: Buffer): { record: PidfileRecord | null; problem?: string; isFile: boolean } {
  const isFile = statSync(path, { throwIfNoEntry: false })?.isFile() === true;
  try {
    return { record: readPidfile(path), isFile };
  } catch (error) {
    if (!hasCode(error, 'ERR_OSX_INVALID_PIDFILE')) throw error;
    return { record: null, problem: error.message, isFile };
  }
}

function unheldState(path: Buffer, { record, problem }: Pick<PidfileStatus, 'record' | 'problem'>): PidfileState {
  if (problem !== undefined) return 'garbage';
  if (record !== null) return record.origin === 'other-pid-namespace' ? 'unknown' : 'stale';
  return statSync(path, { throwIfNoEntry: false }) === undefined ? 'absent' : 'empty';
}
