import fs from 'node:fs';

import { SystemError, UnsupportedError, checkBoolean, checkOneOf, checkOptions, checkPath, hasCode } from '@osx/errors';
import { isNativeAvailable } from '@osx/native-ffi';

import type { LinkOptions } from '../link-options.ts';
import { attempt, make, type Steps } from './calls.ts';
import { MAX_NAMES } from './create-directory.ts';
import { absolutePath, joinPath, splitPath, toFilePath, type FilePath } from './file-path.ts';
import { linkOpenFile } from './linkat.ts';
import type { OwnedFile } from './owned-file.ts';
import { temporaryName } from './temporary-name.ts';

/** The arguments of `linkTo`, checked. */
export interface LinkRequest {
  readonly path: FilePath;
  readonly replace: boolean;
  readonly durability: 'none' | 'file' | 'full';
}

export function checkLink(path: unknown, options: LinkOptions | undefined): LinkRequest {
  const target = absolutePath(toFilePath(checkPath('path', path)));
  const { replace = false, durability = 'full' } = checkOptions('options', options) as LinkOptions;
  return {
    path: target,
    replace: checkBoolean('options.replace', replace),
    durability: checkOneOf('options.durability', durability, ['none', 'file', 'full']),
  };
}

const { O_RDONLY, O_DIRECTORY } = fs.constants;

/** Gives a file its name: nobody ever sees the name without all of the file, or, when it replaces, the name missing. */
export function* linkFile(file: OwnedFile, request: LinkRequest): Steps<void> {
  const { fd } = file;
  const { path, durability } = request;
  if (file.state === 'published' || file.state === 'kept') {
    throw new SystemError({ code: 'EALREADY', syscall: 'link', path, message: 'the file has its name already' });
  }
  if (durability !== 'none') yield* make('fsync', fd);
  // Before the name is there: a directory that cannot be read fails the call, and not its promise.
  const directory =
    durability === 'full' ? yield* make('open', splitPath(path).prefix, O_RDONLY | O_DIRECTORY) : undefined;
  try {
    if (file.path === undefined) yield* nameUnnamed(fd, request);
    else yield* rename(file.path, request);
    file.publish(path);
    if (directory !== undefined) yield* syncDirectory(directory, path);
  } finally {
    if (directory !== undefined) yield* attempt('close', directory);
  }
}

function* nameUnnamed(fd: number, { path, replace }: LinkRequest): Steps<void> {
  if (!isNativeAvailable()) {
    const requires = 'native calls (koffi); a file that was opened with { named: true } needs none';
    throw new UnsupportedError({ feature: 'giving a name to a file without one', requires, syscall: 'linkat' });
  }
  if (!replace) {
    linkOpenFile(fd, path);
    return;
  }
  const { prefix, name } = splitPath(path);
  for (let names = 0; ; names++) {
    // The name tells its owner: no lock, for the file is about to be everybody's.
    const stem = typeof name === 'string' ? name.slice(0, 24) : name.subarray(0, 24);
    const temporary = joinPath(joinPath(joinPath(prefix, '.'), stem), `.${temporaryName('process')}`);
    try {
      linkOpenFile(fd, temporary);
    } catch (error) {
      if (!hasCode(error, 'EEXIST') || names === MAX_NAMES) throw error;
      continue;
    }
    const { error } = yield* attempt('rename', temporary, path);
    if (error === undefined) return;
    yield* attempt('unlink', temporary);
    // Somebody tidies up here and took the temporary name away: then there is nothing to rename.
    if (error.code !== 'ENOENT' || names === MAX_NAMES) throw error;
  }
}

function* rename(from: FilePath, { path, replace }: LinkRequest): Steps<void> {
  if (replace) yield* make('rename', from, path);
  else {
    yield* make('link', from, path);
    // The file has its name now, whatever becomes of the other one; a sweep takes it.
    yield* attempt('unlink', from);
  }
}

function* syncDirectory(directory: number, path: FilePath): Steps<void> {
  const { error } = yield* attempt('fsync', directory);
  if (error === undefined) return;
  const message = 'the file has its name, which may be gone after a power cut';
  throw new SystemError({ code: 'ERR_OSX_NOT_DURABLE', syscall: 'fsync', path, message, cause: error });
}
