import type { Stats } from 'node:fs';

import { SystemError, hasCode } from '@osx/errors';

import { joinPath, toFilePath } from './file-path.ts';
import { makeDirectories } from './make-directories.ts';
import { locate, locateLink, type Place } from './place.ts';
import { make, type Protocol } from './protocol.ts';
import type { WriteRequest } from './write-request.ts';

const MAX_LINKS = 40;

/** A place that was looked at. Whoever gets it closes its pin. */
export interface ResolvedTarget {
  readonly place: Place;
  readonly stats: Stats | undefined;
}

/** Finds where a request writes to, with symlinks followed as it says, and what is there. */
export function* resolveTarget(request: WriteRequest): Protocol<ResolvedTarget> {
  let place = yield* locate(request);
  try {
    for (let links = 0; links <= MAX_LINKS; links++) {
      const path = joinPath(place.prefix, place.name);
      const stats = yield* lstat(path);
      if (stats === undefined && request.makeDirectories && place.pin === undefined) {
        yield* makeDirectories(place.prefix, request.durability === 'full');
      }
      if (stats?.isSymbolicLink() !== true || !request.followSymlinks) return { place, stats };
      const link = toFilePath(yield* make('readlink', path, { encoding: 'buffer' }));
      const { pin } = place;
      place = yield* locateLink(request, place, link);
      pin?.close();
    }
    throw new SystemError({ code: 'ELOOP', syscall: 'open', path: request.asked });
  } catch (error) {
    place.pin?.close();
    throw error;
  }
}

function* lstat(path: ReturnType<typeof joinPath>): Protocol<Stats | undefined> {
  try {
    return yield* make('lstat', path);
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw error;
    return undefined;
  }
}
