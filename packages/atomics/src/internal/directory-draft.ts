import fs from 'node:fs';
import type { Stats } from 'node:fs';

import { SystemError, hasCode, throwIfAborted } from '@osx/errors';

import { findBackend, needBackend } from '../select-backend.ts';
import { removeTree, syncTree } from './directory-tree.ts';
import { joinPath, type FilePath } from './file-path.ts';
import { syncDirectory } from './make-directories.ts';
import { applyMetadata, planMetadata } from './metadata.ts';
import { make, together, type Protocol } from './protocol.ts';
import { refuse } from './refuse.ts';
import { renameWithoutReplacing } from './rename-protocol.ts';
import { resolveTarget } from './resolve-target.ts';
import type { SwapDraft } from './swap-draft.ts';
import { temporaryName } from './temporary-name.ts';
import { notDurable } from './write-protocol.ts';
import type { WriteRequest } from './write-request.ts';

const { O_RDONLY, O_DIRECTORY, O_NOFOLLOW } = fs.constants;
/** Others may make or remove the target between our look and our rename; not forever. */
const ATTEMPTS = 100;

/** A temporary directory that the caller fills. */
export function* beginDirectory(request: WriteRequest): Protocol<SwapDraft> {
  const { place, stats } = yield* resolveTarget(request);
  const target = joinPath(place.prefix, place.name);
  const temporary = joinPath(place.prefix, temporaryName(place.name));
  try {
    refuse(request, stats);
    throwIfAborted(request.signal);
    yield* make('mkdir', temporary, 0o700);
  } catch (error) {
    place.pin?.close();
    throw error;
  }
  let isCommitted = false;
  return {
    temporary,
    *commit(committed) {
      const existing = yield* statIfThere(target);
      yield* seal(request, existing, { temporary, target, prefix: place.prefix });
      throwIfAborted(request.signal);
      const replaced = yield* putInPlace(request, temporary, target);
      isCommitted = true;
      committed();
      yield* settle(request, place.prefix, replaced ? temporary : undefined);
    },
    *discard() {
      if (!isCommitted) yield* removeTree(temporary);
      place.pin?.close();
    },
  };
}

function* statIfThere(path: FilePath): Protocol<Stats | undefined> {
  const [outcome] = yield* together([['lstat', path]]);
  if (outcome.error === undefined) return outcome.value;
  if (outcome.error.code === 'ENOENT') return undefined;
  throw outcome.error;
}

/** Metadata of the top, then all of it to the disk. */
function* seal(
  request: WriteRequest,
  existing: Stats | undefined,
  { temporary, target, prefix }: { temporary: FilePath; target: FilePath; prefix: FilePath },
): Protocol<void> {
  const fd = yield* make('open', temporary, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
  try {
    yield* applyMetadata(fd, planMetadata(request, existing, fd, prefix, target));
    if (request.durability !== 'none') yield* syncTree(fd, temporary);
  } finally {
    yield* together([['close', fd]]);
  }
}

/** Returns whether the old directory now has the temporary's name. */
function* putInPlace(request: WriteRequest, temporary: FilePath, target: FilePath): Protocol<boolean> {
  for (let attempt = 1; ; attempt++) {
    const existing = yield* statIfThere(target);
    refuse(request, existing);
    try {
      if (existing === undefined) yield* takeFreeName(temporary, target);
      else if (findBackend() === undefined) yield* replaceEmpty(temporary, target);
      else needBackend('swapping directories').renameat2(temporary, target, { exchange: true });
      return existing !== undefined && findBackend() !== undefined;
    } catch (error) {
      if (attempt === ATTEMPTS || !hasCode(error, existing === undefined ? 'EEXIST' : 'ENOENT')) throw error;
    }
  }
}

function* takeFreeName(temporary: FilePath, target: FilePath): Protocol<void> {
  // rename(2) replaces a directory only when it is empty, so without renameat2 little can be lost by a race.
  if (findBackend() === undefined) yield* make('rename', temporary, target);
  else yield* renameWithoutReplacing(temporary, target);
}

function* replaceEmpty(temporary: FilePath, target: FilePath): Protocol<void> {
  try {
    yield* make('rename', temporary, target);
  } catch (error) {
    if (hasCode(error, ['ENOTEMPTY', 'EEXIST'])) needBackend('replacing a directory that is not empty');
    throw error;
  }
}

/** After the commit: the name to the disk, and only then the old tree away, which is what a power cut could bring back. */
function* settle(request: WriteRequest, prefix: FilePath, old: FilePath | undefined): Protocol<void> {
  if (request.durability !== 'none') {
    try {
      yield* syncDirectory(prefix);
    } catch (error) {
      throw notDurable(request, error);
    }
  }
  if (old === undefined) return;
  try {
    yield* removeTree(old);
  } catch (cause) {
    const message = `committed, but the old tree could not be removed from ${old.toString()}`;
    throw new SystemError({ code: 'ERR_OSX_NOT_REMOVED', syscall: 'rmdir', path: request.asked, message, cause });
  }
}
