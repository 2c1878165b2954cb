import { closeSync } from 'node:fs';

import { checked, platformConstants } from '@osx/native-ffi';

import { fcntlWithStruct } from './lock-calls.ts';
import { fileKey, statsOf } from './lockable-file.ts';
import type { LockableFile, LockPath } from './lockable-file.ts';
import { lockBytes, overlaps } from './lock-request.ts';
import type { ByteRange, LockRequest } from './lock-request.ts';

/**
 * The POSIX locks that this thread holds. The kernel sees one owner, the process: it would grant the same lock twice,
 * merge shared ones, and drop them all when any descriptor of the file is closed. So conflicts inside the thread are
 * found here, and closing waits until the last POSIX lock on the file is released.
 */
interface PosixFile {
  readonly held: Set<LockRequest>;
  readonly waitingToBeClosed: LockableFile[];
}

const files = new Map<string, PosixFile>();

/** Whether a POSIX lock of this thread is in the way, which the kernel would not say. */
export function conflictsWithOwnPosixLock(file: LockableFile, request: LockRequest): boolean {
  if (files.size === 0 || request.kind !== 'posix') return false;
  for (const held of files.get(fileKey(file))?.held ?? []) {
    if (!(held.shared && request.shared) && overlaps(held, request)) return true;
  }
  return false;
}

export function recordPosixLock(file: LockableFile, request: LockRequest): void {
  const key = fileKey(file);
  let entry = files.get(key);
  if (entry === undefined) files.set(key, (entry = { held: new Set(), waitingToBeClosed: [] }));
  entry.held.add(request);
}

/** Removes the lock from what no other lock of this thread covers, and closes its descriptor when that may be done. */
export function releasePosixLock(file: LockableFile, request: LockRequest): void {
  const key = fileKey(file);
  const entry = files.get(key) as PosixFile;
  entry.held.delete(request);
  if (entry.held.size > 0) {
    entry.waitingToBeClosed.push(file);
    for (const range of without(request, entry.held)) unlock(file.fd, range);
    return;
  }
  files.delete(key);
  for (const { fd } of [...entry.waitingToBeClosed, file]) closeSync(fd);
}

/**
 * Takes over a descriptor that must not be closed yet because POSIX locks of this thread on the same file would go.
 *
 * @returns false when there are none: close it.
 */
export function closeLater(file: LockableFile): boolean {
  if (files.size === 0) return false;
  const entry = files.get(fileKey(file));
  entry?.waitingToBeClosed.push(file);
  return entry !== undefined;
}

/** One of the descriptors that wait to be closed, for another use: else each refused try would leave one more. */
export function reuse(request: LockRequest): LockableFile | undefined {
  if (files.size === 0) return undefined;
  const waiting = files.get(keyOfPath(request) ?? '')?.waitingToBeClosed ?? [];
  const index = waiting.findIndex(({ isWritable }) => isWritable !== request.shared);
  return index === -1 ? undefined : waiting.splice(index, 1)[0];
}

function keyOfPath(path: LockPath): string | undefined {
  try {
    return fileKey(statsOf(path));
  } catch {
    return undefined;
  }
}

function unlock(fd: number, range: ByteRange): void {
  checked(fcntlWithStruct(fd, platformConstants().F_SETLK, lockBytes('unlock', range)), 'fcntl');
}

/** The parts of a range that none of the others covers. */
export function without(range: ByteRange, others: Iterable<ByteRange>): ByteRange[] {
  let rest = [range];
  for (const other of others) rest = rest.flatMap((part) => cut(part, other));
  return rest;
}

function cut(part: ByteRange, other: ByteRange): ByteRange[] {
  if (!overlaps(part, other)) return [part];
  const rest: ByteRange[] = [];
  if (part.start < other.start) rest.push({ start: part.start, length: other.start - part.start });
  if (other.length === 0n) return rest;
  const otherEnd = other.start + other.length;
  if (part.length === 0n) rest.push({ start: otherEnd, length: 0n });
  else if (otherEnd < part.start + part.length) {
    rest.push({ start: otherEnd, length: part.start + part.length - otherEnd });
  }
  return rest;
}
