import { closeSync } from 'node:fs';

import { hasCode, isUnsupportedError, SystemError } from '@osx/errors';

import type { CgroupWaitOptions } from '../cgroups/cgroup-options.ts';
import type { CgroupDirectory } from './cgroup-directory.ts';
import { parseFlatKeyed } from './cgroup-formats.ts';
import { readIds } from './cgroup-processes.ts';
import { childDirectories } from './child-directories.ts';
import { ESRCH } from './errno-numbers.ts';
import { pidfdOpen } from './pidfd-calls.ts';
import { pidfdOpenError } from './pidfd-open-error.ts';
import { sendPidfdSignal } from './send-pidfd-signal.ts';
import { waitForCgroupFile } from './wait-for-cgroup-file.ts';

const SIGKILL = 9;
/** How many processes are held at once: each costs a descriptor. */
const BATCH = 64;

/** SIGKILL to every process of the cgroup and of those below: by the kernel in one step, or by us one by one. */
export async function killCgroup(directory: CgroupDirectory, wait: CgroupWaitOptions): Promise<void> {
  try {
    directory.write('cgroup.kill', '1');
  } catch (error) {
    if (!isUnsupportedError(error)) throw error;
    await killFrozen(directory, wait);
  }
}

/** For kernels before 5.14. What is frozen cannot fork while it is killed one by one, and dies of SIGKILL all the same. */
export async function killFrozen(directory: CgroupDirectory, wait: CgroupWaitOptions): Promise<void> {
  const wasFrozen = directory.read('cgroup.freeze') === '1';
  directory.write('cgroup.freeze', '1');
  try {
    await waitForCgroupFile(directory, 'cgroup.events', (text) => parseFlatKeyed(text)['frozen'] === 1, wait);
    killListed(directory);
  } finally {
    if (!wasFrozen) directory.write('cgroup.freeze', '0');
  }
}

function killListed(directory: CgroupDirectory): void {
  const pids = idsOf(directory);
  if (pids.includes(0)) {
    const message = 'it has processes of another pid namespace, which have no number here';
    throw new SystemError({ code: 'EPERM', syscall: 'pidfd_open', path: directory.path, message });
  }
  for (let start = 0; start < pids.length; start += BATCH) killPinned(directory, pids.slice(start, start + BATCH));
  for (const child of childDirectories(directory)) killListed(child);
}

/** A number that is still listed when its process is pinned is the process of this cgroup, and no stranger. */
function killPinned(directory: CgroupDirectory, pids: readonly number[]): void {
  const pinned = new Map<number, number>();
  try {
    for (const pid of pids) {
      const fd = pidfdOpen(pid, 0);
      if (fd === -ESRCH) continue;
      if (fd < 0) throw pidfdOpenError(fd, pid, false);
      pinned.set(pid, fd);
    }
    const still = new Set(idsOf(directory));
    for (const [pid, fd] of pinned) if (still.has(pid)) kill(fd);
  } finally {
    for (const fd of pinned.values()) closeSync(fd);
  }
}

/** None for a threaded cgroup: its processes are listed in the domain above. */
function idsOf(directory: CgroupDirectory): number[] {
  try {
    return readIds(directory, 'cgroup.procs');
  } catch (error) {
    if (hasCode(error, 'ENOTSUP')) return [];
    throw error;
  }
}

function kill(pidfd: number): void {
  try {
    sendPidfdSignal(pidfd, SIGKILL, undefined);
  } catch (error) {
    if (!hasCode(error, 'ESRCH')) throw error;
  }
}
