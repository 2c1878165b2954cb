import { fileKey } from './lockable-file.ts';
import type { LockableFile } from './lockable-file.ts';
import type { LockRequest } from './lock-request.ts';
import { WaitingFile } from './waiting-file.ts';
import type { Waiter } from './waiter.ts';

/** The files that somebody in this thread waits for, by inode: two names of one file have one queue. */
const files = new Map<string, WaitingFile>();

/** Whether a request may ask the kernel at once: nobody in this thread whom it would exclude waits longer. */
export function mayOvertake(file: LockableFile, request: LockRequest): boolean {
  return files.size === 0 || files.get(fileKey(file))?.isFreeFor(request) !== false;
}

/** Puts a waiter at the end of the queue of its file. */
export function enqueue(waiter: Waiter): void {
  const key = fileKey(waiter.file);
  let file = files.get(key);
  if (file === undefined) {
    file = new WaitingFile(() => files.delete(key));
    files.set(key, file);
  }
  file.add(waiter);
}

/** A lock on the file was released in this thread: the waiters need not be told by the kernel. */
export function handOver(file: LockableFile): void {
  if (files.size > 0) files.get(fileKey(file))?.tryAll();
}
