import fs from 'node:fs';
import type { BigIntStats } from 'node:fs';

import { hasCode } from '@osx/errors';
import { linuxConstants } from '@osx/native-ffi';

import { attempt, make, type Steps } from './calls.ts';
import { emptyTree } from './empty-tree.ts';
import type { FilePath } from './file-path.ts';
import { isLocal, showsAllLocks } from './file-systems.ts';
import { isStillAt } from './identity.ts';
import { judgeOwner } from './judge-owner.ts';
import { tryFlock, type LockAnswer } from './locks.ts';
import { KEPT } from './owned-directory.ts';
import type { parseTemporaryName } from './temporary-name.ts';

/** What holds for all that is swept in one go. */
export interface Ground {
  readonly fileSystem: { readonly type: number };
  readonly foreign: 'keep' | 'remove';
}

type Verdict = 'removed' | 'live' | 'kept' | 'foreign' | 'not-ours';
type Owner = NonNullable<ReturnType<typeof parseTemporaryName>>;

const { O_RDONLY, O_DIRECTORY, O_NOFOLLOW, O_NONBLOCK, O_NOCTTY } = fs.constants;
const MAX_ATTEMPTS = 10;

/** Removes one temporary if its owner is proved to be gone. Holds its lock meanwhile, so that nobody can take it for theirs. */
export function* sweepOne(path: FilePath, { owner }: Owner, ground: Ground): Steps<Verdict> {
  const { error, value: stats } = yield* attempt('lstat', path, { bigint: true });
  if (error?.code === 'ENOENT') return 'not-ours';
  if (error !== undefined) throw error;
  // We make files and directories; opening a device may already do something.
  if (!stats.isFile() && !stats.isDirectory()) return 'not-ours';
  if ((Number(stats.mode) & KEPT) !== 0) return 'kept';
  if (owner !== undefined && judgeOwner(owner, isLocal(ground.fileSystem)) === 'live') return 'live';
  let fd: number;
  try {
    fd = yield* openForSweep(path, stats);
  } catch (failure) {
    if (hasCode(failure, ['ENOENT', 'ENOTDIR', 'ELOOP'])) return 'not-ours';
    throw failure;
  }
  try {
    // A file system of another machine would make us wait for its answer, which would be no proof.
    const lock = showsAllLocks(ground.fileSystem) ? tryFlock(fd, 'exclusive') : 'impossible';
    if (lock === 'refused' || !isStillAt(path, fd)) return lock === 'refused' ? 'live' : 'not-ours';
    const now = fs.fstatSync(fd);
    if ((now.mode & KEPT) !== 0) return 'kept';
    if (verdictOf(owner, lock, ground) === 'foreign') return 'foreign';
    yield* remove(path, fd, now.isDirectory());
    return 'removed';
  } finally {
    yield* attempt('close', fd);
  }
}

function verdictOf(owner: Owner['owner'], lock: LockAnswer, { fileSystem, foreign }: Ground): 'dead' | 'foreign' {
  const isDead = owner === undefined ? lock === 'granted' : judgeOwner(owner, isLocal(fileSystem)) === 'dead';
  return isDead || foreign === 'remove' ? 'dead' : 'foreign';
}

/** Opens it, also where its owner closed it to itself (mode 0000): then its mode is as it was when this returns. */
function* openForSweep(path: FilePath, stats: BigIntStats): Steps<number> {
  const kind = stats.isDirectory() ? O_DIRECTORY : O_NONBLOCK | O_NOCTTY;
  const { error, value } = yield* attempt('open', path, O_RDONLY | O_NOFOLLOW | kind);
  if (error === undefined) return value;
  if (error.code !== 'EACCES') throw error;
  const pin = yield* make('open', path, linuxConstants().O_PATH | O_NOFOLLOW);
  try {
    const { mode, ino } = fs.fstatSync(pin, { bigint: true });
    // Somebody else's cannot be opened, and its mode is not ours to change.
    if (ino !== stats.ino || stats.uid !== BigInt(process.geteuid?.() ?? -1)) throw error;
    const pinned = `/proc/self/fd/${pin}`;
    yield* make('chmod', pinned, Number(mode & 0o7777n) | (stats.isDirectory() ? 0o700 : 0o600));
    const opened = yield* attempt('open', pinned, O_RDONLY | kind);
    yield* attempt('chmod', pinned, Number(mode & 0o7777n));
    if (opened.error !== undefined) throw opened.error;
    return opened.value;
  } finally {
    yield* attempt('close', pin);
  }
}

function* remove(path: FilePath, fd: number, isDirectory: boolean): Steps<void> {
  if (!isDirectory) {
    yield* make('unlink', path);
    return;
  }
  for (let attempts = 1; ; attempts++) {
    const { error } = yield* attempt('rmdir', path);
    if (error === undefined || error.code === 'ENOENT') return;
    if (!hasCode(error, ['ENOTEMPTY', 'EEXIST']) || attempts === MAX_ATTEMPTS) throw error;
    const failure = yield* emptyTree(fd, path);
    if (failure !== undefined) throw failure;
  }
}
