import { closeUnlocked, releaseKernelLock, tryKernelLock } from './kernel-lock.ts';
import { isStillAt, openLockableFile } from './lockable-file.ts';
import type { LockableFile } from './lockable-file.ts';
import type { LockRequest } from './lock-request.ts';
import { reuse } from './posix-files.ts';

/**
 * - `locked`: it is ours, and the path leads to it.
 * - `refused`: another has it; the file stays open, to wait with.
 * - `moved`: the path leads to another file each time; nothing is open.
 */
export type Acquisition =
  | { readonly state: 'locked' | 'refused'; readonly file: LockableFile }
  | { readonly state: 'moved' };

/** Someone replaces the file in a loop: leave the thread to others before going on. */
const TRIES_IN_A_ROW = 8;

/**
 * Opens the file and tries once to lock it, anew as long as the path leads to another file afterwards: a lock on a file
 * that was unlinked or replaced meanwhile excludes nobody.
 *
 * @param mayTry Whether the kernel is to be asked at all; others may be first in this thread.
 */
export function acquire(request: LockRequest, mayTry: (file: LockableFile) => boolean = () => true): Acquisition {
  for (let tries = 0; tries < TRIES_IN_A_ROW; tries += 1) {
    const file = reuse(request) ?? openLockableFile(request);
    if (!tryOrClose(file, request, mayTry)) return { state: 'refused', file };
    if (keepIfStillAt(file, request)) return { state: 'locked', file };
  }
  return { state: 'moved' };
}

function tryOrClose(file: LockableFile, request: LockRequest, mayTry: (file: LockableFile) => boolean): boolean {
  try {
    return mayTry(file) && tryKernelLock(file, request);
  } catch (error) {
    closeUnlocked(file);
    throw error;
  }
}

/** Releases a lock whose file the path does not lead to any more. */
export function keepIfStillAt(file: LockableFile, request: LockRequest): boolean {
  let isKept = false;
  try {
    isKept = isStillAt(request, file);
    return isKept;
  } finally {
    if (!isKept) releaseKernelLock(file, request);
  }
}
