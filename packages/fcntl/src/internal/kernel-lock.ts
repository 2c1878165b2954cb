import { closeSync } from 'node:fs';

import { withSystemErrors } from '@osx/errors';

import { checked, platformConstants } from '@osx/native-ffi';

import { fcntlWithStruct, flockCall, isContention } from './lock-calls.ts';
import type { LockableFile } from './lockable-file.ts';
import { lockBytes } from './lock-request.ts';
import type { LockRequest } from './lock-request.ts';
import { closeLater, conflictsWithOwnPosixLock, recordPosixLock, releasePosixLock } from './posix-files.ts';

/**
 * Asks the kernel once for the lock.
 *
 * @returns false when another has it.
 */
export function tryKernelLock(file: LockableFile, request: LockRequest): boolean {
  if (conflictsWithOwnPosixLock(file, request)) return false;
  const result = setLock(file.fd, request);
  if (isContention(result)) return false;
  checked(result, syscallOf(request), { path: request.path });
  if (request.kind === 'posix') recordPosixLock(file, request);
  return true;
}

/** Releases the lock, by closing the descriptor: the only one of its open file description unless it was handed on. */
export function releaseKernelLock(file: LockableFile, request: LockRequest): void {
  if (request.kind === 'posix') withSystemErrors(() => releasePosixLock(file, request), request.path);
  else if (closeLater(file)) checked(removeLock(file.fd, request), syscallOf(request), { path: request.path });
  else withSystemErrors(() => closeSync(file.fd), request.path);
}

/** Closes a descriptor that holds no lock. */
export function closeUnlocked(file: LockableFile): void {
  if (!closeLater(file)) closeSync(file.fd);
}

export function syscallOf({ kind }: LockRequest): string {
  return kind === 'flock' ? 'flock' : 'fcntl';
}

function setLock(fd: number, request: LockRequest): number {
  const { F_OFD_SETLK, F_SETLK, LOCK_SH, LOCK_EX, LOCK_NB } = platformConstants();
  if (request.kind === 'flock') return flockCall(fd, (request.shared ? LOCK_SH : LOCK_EX) | LOCK_NB);
  const bytes = lockBytes(request.shared ? 'read' : 'write', request);
  return fcntlWithStruct(fd, request.kind === 'ofd' ? F_OFD_SETLK : F_SETLK, bytes);
}

function removeLock(fd: number, request: LockRequest): number {
  const { F_OFD_SETLK, LOCK_UN, LOCK_NB } = platformConstants();
  if (request.kind === 'flock') return flockCall(fd, LOCK_UN | LOCK_NB);
  return fcntlWithStruct(fd, F_OFD_SETLK, lockBytes('unlock', request));
}
