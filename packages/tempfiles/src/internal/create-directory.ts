import { hasCode } from '@osx/errors';

import { attempt, type Steps } from './calls.ts';
import { OwnedDirectory } from './owned-directory.ts';
import { pathIn, type Place } from './place.ts';
import { proofIn } from './proof-in.ts';
import { temporaryName, type Proof } from './temporary-name.ts';

/** A name of 80 random bits is taken only if somebody puts it there on purpose. */
export const MAX_NAMES = 16;

/** Makes a directory under a name that nobody has. @param name Chooses names; a test may choose taken ones. */
export function* createDirectory(place: Place, name = temporaryName): Steps<OwnedDirectory> {
  let proof: Proof = yield* proofIn(place.directory);
  let taken: Error | undefined;
  for (let names = 0; names < MAX_NAMES; names++) {
    const owned = new OwnedDirectory(pathIn(place, name(proof)));
    const { error } = yield* attempt('mkdir', owned.path, place.mode);
    if (error !== undefined) {
      owned.letGo();
      if (!hasCode(error, 'EEXIST')) throw error;
      taken = error;
      continue;
    }
    try {
      const claimed = yield* owned.claim(place.mode, proof);
      if (claimed === 'ours') return owned;
      if (claimed === 'no-locks') proof = 'process';
      yield* attempt('rmdir', owned.path);
      owned.letGo();
    } catch (failure) {
      yield* attempt('rmdir', owned.path);
      owned.letGo();
      throw failure;
    }
  }
  throw taken ?? lostTooOften(place);
}

/** Somebody sweeps here without a pause. */
export function lostTooOften(place: Place): Error {
  const text = `every new temporary in ${place.directory.toString()} is removed at once`;
  return Object.assign(new Error(text), { errno: -11, code: 'EAGAIN', syscall: 'flock' });
}
