import { closeSync, constants, fstatSync, lstatSync, openSync, statSync } from 'node:fs';
import type { BigIntStats } from 'node:fs';

import { hasCode, SystemError, withSystemErrors } from '@osx/errors';

import { invalidPidfile } from './invalid-pidfile.ts';

/** An open pidfile, and the inode that it is. */
export interface OpenFile {
  readonly fd: number;
  readonly stats: BigIntStats;
}

/** Opens a pidfile to read it, symbolic links followed, without ever waiting. Nobody notices. */
export function openToRead(path: string | Buffer): OpenFile {
  return withSystemErrors(() => {
    // By stat first: opening a device may already do something.
    refuseOtherFiles(path, statSync(path, { bigint: true }));
    return openRegular(path, constants.O_RDONLY);
  }, path);
}

/**
 * Makes sure that the path leads to a regular file that may be written to, not through a symbolic link at its end: a
 * dangling one would create a file of somebody else's choice.
 */
export function checkWritable(path: string | Buffer, create: { readonly mode: number } | undefined): void {
  withSystemErrors(() => {
    const stats = lstatSync(path, { bigint: true, throwIfNoEntry: false });
    if (stats?.isSymbolicLink() === true) throw new SystemError({ code: 'ELOOP', syscall: 'open', path });
    if (stats !== undefined) refuseOtherFiles(path, stats);
    closeSync(openOrCreate(path, create).fd);
  }, path);
}

/** O_CREAT only where it is needed: in a sticky directory the kernel refuses it on another user's file. */
function openOrCreate(path: string | Buffer, create: { readonly mode: number } | undefined): OpenFile {
  const flags = constants.O_RDWR | constants.O_NOFOLLOW;
  try {
    return openRegular(path, flags);
  } catch (error) {
    if (create === undefined || !hasCode(error, 'ENOENT')) throw error;
    return openRegular(path, flags | constants.O_CREAT, create.mode);
  }
}

/** @throws {SystemError} ERR_OSX_INVALID_PIDFILE, naming what it is. */
export function refuseOtherFiles(path: string | Buffer, stats: BigIntStats): void {
  if (!stats.isFile()) throw invalidPidfile(path, `is ${kindOf(stats)}, not a regular file`);
}

export function statsOfOpen(fd: number): BigIntStats {
  return withSystemErrors(() => fstatSync(fd, { bigint: true }));
}

export function isSameFile(a: BigIntStats, b: BigIntStats | undefined): boolean {
  return a.ino === b?.ino && a.dev === b.dev;
}

function openRegular(path: string | Buffer, flags: number, mode?: number): OpenFile {
  const fd = openSync(path, flags | constants.O_NONBLOCK | constants.O_NOCTTY, mode);
  try {
    const stats = fstatSync(fd, { bigint: true });
    refuseOtherFiles(path, stats);
    return { fd, stats };
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}

function kindOf(stats: BigIntStats): string {
  if (stats.isDirectory()) return 'a directory';
  if (stats.isFIFO()) return 'a FIFO';
  if (stats.isSocket()) return 'a socket';
  return 'a device';
}
