import { readdirSync, readFileSync, readlinkSync, stat, type BigIntStats } from 'node:fs';

import type { KernelInode } from './kernel-inode.ts';
import { parseProcLock } from './parse-proc-lock.ts';
import type { ProcLock } from './parse-proc-lock.ts';

/** A lock, and a process with a descriptor of the open file that holds it. */
export interface ProcLockOwner {
  readonly pid: number;
  readonly lock: ProcLock;
}

/**
 * Searches the descriptors of the given processes, or of all, that may be read for locks on an inode. The event loop turns between two
 * processes; a process that ends meanwhile, or may not be read, has none.
 */
export async function procLockOwners(
  inode: KernelInode,
  pids: readonly number[] = allPids(),
): Promise<ProcLockOwner[]> {
  const owners: ProcLockOwner[] = [];
  for (const pid of pids) {
    await new Promise((resolve) => setImmediate(resolve));
    for (const { path, locks } of lockedDescriptors(`/proc/${pid}`)) {
      // Last, because it may ask a file system that does not answer; the rest asks procfs alone.
      const stats = await statOrNothing(path);
      if (stats?.ino !== inode.ino || stats.dev !== inode.dev) continue;
      owners.push(...locks.map((lock) => ({ pid, lock })));
    }
  }
  return owners;
}

function allPids(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

function lockedDescriptors(process: string): { path: string; locks: ProcLock[] }[] {
  return (orNothing(() => readdirSync(`${process}/fd`)) ?? [])
    .map((fd) => ({ path: `${process}/fd/${fd}`, locks: locksOfDescriptor(process, fd) }))
    .filter(({ locks }) => locks.length > 0);
}

function locksOfDescriptor(process: string, fd: string): ProcLock[] {
  const fdinfo = orNothing(() => {
    // Pipes, sockets and the like lead nowhere.
    const isFile = readlinkSync(`${process}/fd/${fd}`).startsWith('/');
    return isFile ? readFileSync(`${process}/fdinfo/${fd}`, 'latin1') : '';
  });
  return Array.from((fdinfo ?? '').matchAll(/^lock:(.*)$/gm), ([, line]) => parseProcLock(line as string)).filter(
    (lock) => lock !== undefined,
  );
}

function orNothing<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

function statOrNothing(path: string): Promise<BigIntStats | undefined> {
  return new Promise((resolve) => stat(path, { bigint: true }, (error, stats) => resolve(error ? undefined : stats)));
}
