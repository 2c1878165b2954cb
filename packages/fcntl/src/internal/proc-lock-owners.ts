import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';

import type { KernelInode } from './kernel-inode.ts';
import { parseProcLock } from './parse-proc-lock.ts';
import type { ProcLock } from './parse-proc-lock.ts';

/** A lock, and a process with a descriptor of the open file that holds it. */
export interface ProcLockOwner {
  readonly pid: number;
  readonly lock: ProcLock;
}

/**
 * Searches the descriptors of the given processes, or of all, that may be read for locks on an inode. Between two of all the
 * event loop turns; a process that ends meanwhile, or may not be read, has none.
 */
export async function procLockOwners(inode: KernelInode, pids?: readonly number[]): Promise<ProcLockOwner[]> {
  const owners: ProcLockOwner[] = [];
  for (const pid of pids ?? allPids()) {
    if (pids === undefined) await new Promise((resolve) => setImmediate(resolve));
    for (const { path, locks } of lockedDescriptors(`/proc/${pid}`, inode)) {
      if (isOn(path, inode)) owners.push(...locks.map((lock) => ({ pid, lock })));
    }
  }
  return owners;
}

function allPids(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

/** By the number of the inode, which procfs tells without asking any file system; several may have that number. */
function lockedDescriptors(process: string, { name }: KernelInode): { path: string; locks: ProcLock[] }[] {
  return (orNothing(() => readdirSync(`${process}/fd`)) ?? [])
    .map((fd) => ({ path: `${process}/fd/${fd}`, locks: locksOfDescriptor(process, fd, numberOf(name)) }))
    .filter(({ locks }) => locks.length > 0);
}

function locksOfDescriptor(process: string, fd: string, inode: string): ProcLock[] {
  const fdinfo = orNothing(() => {
    // Pipes, sockets and the like lead nowhere.
    const isFile = readlinkSync(`${process}/fd/${fd}`).startsWith('/');
    return isFile ? readFileSync(`${process}/fdinfo/${fd}`, 'latin1') : '';
  });
  return Array.from((fdinfo ?? '').matchAll(/^lock:(.*)$/gm), ([, line]) => parseProcLock(line as string)).filter(
    (lock) => lock !== undefined && numberOf(lock.inode) === inode,
  ) as ProcLock[];
}

/** Of `major:minor:inode`. */
function numberOf(name: string): string {
  return name.slice(name.lastIndexOf(':') + 1);
}

function isOn(path: string, inode: KernelInode): boolean {
  const stats = orNothing(() => statSync(path, { bigint: true }));
  return stats?.ino === inode.ino && stats.dev === inode.dev;
}

function orNothing<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
