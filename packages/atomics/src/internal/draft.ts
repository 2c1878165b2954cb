import fs from 'node:fs';
import type { Stats } from 'node:fs';

import { SystemError, hasCode, throwIfAborted } from '@osx/errors';

import { joinPath, toFilePath, type FilePath } from './file-path.ts';
import { makeDirectories } from './make-directories.ts';
import { locate, locateLink, type Place } from './place.ts';
import { make, together, type Outcome, type Protocol } from './protocol.ts';
import { refuse } from './refuse.ts';
import { temporaryName } from './temporary-name.ts';
import type { WriteRequest } from './write-request.ts';

/** New content on its way: a temporary file beside its target, and all that is open for it. */
export interface Draft {
  readonly request: WriteRequest;
  place: Place;
  /** The target as it was when the draft began; undefined when there was none, or a symlink that will be replaced. */
  existing: Stats | undefined;
  /** Undefined once it was renamed or removed. */
  temporary: FilePath | undefined;
  /** The open temporary; -1 once close was called, however that ended. */
  fd: number;
  /** The directory, open to be synced; -1 when there is nothing to sync. */
  directoryFd: number;
}

const { O_CREAT, O_EXCL, O_NOFOLLOW, O_WRONLY, O_RDONLY, O_DIRECTORY } = fs.constants;
const CREATE = O_CREAT | O_EXCL | O_NOFOLLOW | O_WRONLY;
const OPEN_DIRECTORY = O_RDONLY | O_DIRECTORY;
/** Until the content and its owner are right, nobody else may read it. */
const PRIVATE = 0o600;

/** As many symlinks in a row as the kernel follows. */
const MAX_LINKS = 40;
/** A name of 128 random bits is taken only if someone puts it there on purpose. */
const MAX_ATTEMPTS = 8;

export function targetOf({ place }: Draft): FilePath {
  return joinPath(place.prefix, place.name);
}

/**
 * Makes the temporary for a request. The target is looked at while the temporary is being made: one hop less for the
 * usual case of a plain file or none. If it turns out to be a symlink, the temporary is removed and made elsewhere.
 *
 * @param name Chooses names for temporaries; a test may choose taken ones.
 */
export function* beginDraft(request: WriteRequest, name = temporaryName): Protocol<Draft> {
  const place = yield* locate(request);
  const draft: Draft = { request, place, existing: undefined, temporary: undefined, fd: -1, directoryFd: -1 };
  try {
    for (let links = 0; links <= MAX_LINKS; links++) {
      const link = yield* settle(draft, name);
      if (link === undefined) return draft;
      yield* removeTemporary(draft);
      const { pin } = draft.place;
      draft.place = yield* locateLink(request, draft.place, link);
      pin?.close();
    }
    throw new SystemError({ code: 'ELOOP', syscall: 'open', path: request.asked });
  } catch (error) {
    yield* discard(draft);
    throw error;
  }
}

/** Removes the temporary and closes everything. Errors are not told: there is one already. */
export function* discard(draft: Draft): Protocol<void> {
  yield* removeTemporary(draft);
  draft.place.pin?.close();
}

/** Makes the temporary at the draft's place, or returns the symlink that is there and is to be followed. */
function* settle(draft: Draft, name: typeof temporaryName): Protocol<FilePath | undefined> {
  const { request } = draft;
  for (let attempt = 1; ; attempt++) {
    throwIfAborted(request.signal);
    const { stats, failure } = yield* openTemporary(draft, name(draft.place.name));
    if (stats?.isSymbolicLink() === true && request.followSymlinks && !request.exclusive) {
      return toFilePath(yield* make('readlink', targetOf(draft), { encoding: 'buffer' }));
    }
    refuse(request, stats);
    if (failure === undefined) {
      draft.existing = stats?.isFile() === true ? stats : undefined;
      return undefined;
    }
    yield* removeTemporary(draft);
    const lacksDirectory = request.makeDirectories && hasCode(failure, 'ENOENT');
    if (attempt === MAX_ATTEMPTS || !(lacksDirectory || hasCode(failure, 'EEXIST'))) throw failure;
    if (lacksDirectory) yield* makeDirectories(draft.place.prefix, request.durability === 'full');
  }
}

/** Makes the temporary, looks at the target and opens the directory, all at once. */
function* openTemporary(
  draft: Draft,
  name: FilePath,
): Protocol<{ stats: Stats | undefined; failure: Error | undefined }> {
  const { prefix } = draft.place;
  const temporary = joinPath(prefix, name);
  const look = ['lstat', targetOf(draft)] as const;
  const create = ['open', temporary, CREATE, PRIVATE] as const;
  const outcomes =
    draft.request.durability === 'full'
      ? yield* together([create, look, ['open', prefix, OPEN_DIRECTORY]])
      : yield* together([create, look]);
  const [created, seen, directory] = outcomes;
  if (created.error === undefined) {
    draft.fd = created.value;
    draft.temporary = temporary;
  }
  if (directory !== undefined && directory.error === undefined) draft.directoryFd = directory.value;
  return { stats: statsOf(seen), failure: created.error ?? directory?.error };
}

function statsOf({ error, value }: Outcome<Stats>): Stats | undefined {
  if (error === undefined) return value;
  if (error.code === 'ENOENT') return undefined;
  throw error;
}

function* removeTemporary(draft: Draft): Protocol<void> {
  const { fd, directoryFd, temporary } = draft;
  draft.fd = draft.directoryFd = -1;
  draft.temporary = undefined;
  if (fd >= 0) yield* together([['close', fd]]);
  if (directoryFd >= 0) yield* together([['close', directoryFd]]);
  if (temporary !== undefined) yield* together([['unlink', temporary]]);
}
