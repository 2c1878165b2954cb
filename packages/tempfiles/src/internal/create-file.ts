import fs from 'node:fs';

import { hasCode } from '@osx/errors';

import { attempt, type Outcome, type Steps } from './calls.ts';
import { setExactMode } from './claim.ts';
import { lostTooOften, MAX_NAMES } from './create-directory.ts';
import type { FilePath } from './file-path.ts';
import { OwnedFile, type Opened } from './owned-file.ts';
import { pathIn, type Place } from './place.ts';
import { proofIn } from './proof-in.ts';
import { temporaryName, type Proof } from './temporary-name.ts';

const { O_RDWR, O_CREAT, O_EXCL, O_NOFOLLOW, O_DIRECTORY } = fs.constants;
const CREATE = O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW;
/** <asm-generic/fcntl.h>: __O_TMPFILE | O_DIRECTORY. The same on all architectures that Node runs on. */
const O_TMPFILE = 0o20000000 | O_DIRECTORY;
/** A file system without unnamed files; a kernel that does not know the flag; the directory itself taken for the file. */
const NO_TMPFILE = ['EOPNOTSUPP', 'ENOTSUP', 'EISDIR', 'ENOENT'];

/** What the file is opened as. */
export type OpenCall = 'open' | 'openHandle';

/** Makes a file without a name where the file system can, else one with a temporary name. Asked anew each time. */
export function* createFile(place: Place, how: OpenCall, name = temporaryName): Steps<OwnedFile> {
  if (process.platform !== 'linux') return yield* createNamedFile(place, how, name);
  const { error, value } = yield* openFile(how, place.directory, O_TMPFILE | O_RDWR, place.mode);
  if (error === undefined) {
    const owned = OwnedFile.unnamed(value);
    try {
      setExactMode(owned.fd, place.mode);
      return owned;
    } catch (failure) {
      yield* owned.abandon(false);
      throw failure;
    }
  }
  if (!hasCode(error, NO_TMPFILE)) throw error;
  return yield* createNamedFile(place, how, name);
}

/** Makes a file under a name that nobody has. @param name Chooses names; a test may choose taken ones. */
export function* createNamedFile(place: Place, how: OpenCall, name = temporaryName): Steps<OwnedFile> {
  let proof: Proof = yield* proofIn(place.directory);
  let taken: Error | undefined;
  for (let names = 0; names < MAX_NAMES; names++) {
    const path = pathIn(place, name(proof));
    const owned = OwnedFile.named(path);
    const { error, value } = yield* openFile(how, path, CREATE, place.mode);
    if (error !== undefined) {
      yield* owned.abandon(false);
      if (!hasCode(error, 'EEXIST')) throw error;
      taken = error;
      continue;
    }
    try {
      const claimed = owned.claim(value, place.mode, proof);
      if (claimed === 'ours') return owned;
      if (claimed === 'no-locks') proof = 'process';
      yield* owned.abandon(true);
    } catch (failure) {
      yield* owned.abandon(true);
      throw failure;
    }
  }
  throw taken ?? lostTooOften(place);
}

function* openFile(how: OpenCall, path: FilePath, flags: number, mode: number): Steps<Outcome<Opened>> {
  if (how === 'openHandle') {
    const { error, value } = yield* attempt('openHandle', path, flags, mode);
    return { error, value: { handle: value } };
  }
  const { error, value } = yield* attempt('open', path, flags, mode);
  return { error, value: { fd: value } };
}
