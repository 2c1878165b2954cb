import fs from 'node:fs';

import { hasCode } from '@osx/errors';

import { joinPath, splitPath, withoutTrailingSlashes, type FilePath } from './file-path.ts';
import { make, together, type Protocol } from './protocol.ts';

const DIRECTORY = fs.constants.O_RDONLY | fs.constants.O_DIRECTORY;

/** Makes a directory and all that lead to it; what is there already is fine. Durable: their names are on disk after. */
export function* makeDirectories(path: FilePath, durable: boolean): Protocol<void> {
  const directory = withoutTrailingSlashes(path);
  const { prefix, name } = splitPath(directory);
  try {
    yield* makeDirectory(prefix, name, durable);
  } catch (error) {
    if (!hasCode(error, 'ENOENT') || prefix.length <= 1) throw error;
    yield* makeDirectories(prefix, durable);
    yield* makeDirectory(prefix, name, durable);
  }
}

/** Makes one directory; it may be there already, made by someone who raced us and may not have synced it. */
export function* makeDirectory(prefix: FilePath, name: FilePath, durable: boolean): Protocol<void> {
  const path = joinPath(prefix, name);
  try {
    yield* make('mkdir', path, 0o777);
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
  }
  if (durable) yield* syncDirectory(prefix);
}

/** Makes what was renamed, made or removed in a directory survive a power cut. */
export function* syncDirectory(path: FilePath): Protocol<void> {
  const fd = yield* make('open', path, DIRECTORY);
  const [synced] = yield* together([['fsync', fd]]);
  yield* together([['close', fd]]);
  if (synced.error !== undefined) throw synced.error;
}
