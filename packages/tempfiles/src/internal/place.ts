import { checkInteger, checkOptions, checkPath, checkString, invalidArgValue, outOfRange } from '@osx/errors';

import type { TemporaryOptions } from '../temporary-options.ts';
import { findDirectory } from './find-directory.ts';
import { absolutePath, directoryPrefix, joinPath, splitPath, toFilePath, type FilePath } from './file-path.ts';
import { MARK } from './temporary-name.ts';

/** Where a temporary is to be, what stands around the random part of its name, and its mode. */
export interface Place {
  /** Absolute, with a slash at its end. */
  readonly directory: FilePath;
  readonly before: FilePath;
  readonly after: string;
  readonly mode: number;
  /** The variable that named the directory. */
  readonly variable: string | undefined;
  /** Whether the caller speaks of paths in bytes. */
  readonly inBytes: boolean;
}

/** NAME_MAX is 255; the part between them takes up to 92. */
const MAX_AFFIX_BYTES = 80;
/** So many UTF-16 units of the target's name never take more than that. */
const MAX_TARGET_UNITS = 24;

/** Checks the options that all temporaries share; touches no file. */
export function checkPlace(options: TemporaryOptions | undefined, mode: number): Place {
  const checked = checkOptions('options', options) as TemporaryOptions;
  const { directory, beside } = checked;
  const shared = {
    after: checkAffix('options.suffix', checked.suffix ?? ''),
    mode: checkInteger('options.mode', checked.mode ?? mode, { min: 0, max: 0o777 }),
  };
  const prefix = checked.prefix === undefined ? undefined : checkAffix('options.prefix', checked.prefix);
  if (beside !== undefined) {
    if (directory !== undefined) throw invalidArgValue('options.beside', 'given without options.directory', beside);
    const inBytes = beside instanceof Uint8Array;
    return {
      ...besideTarget(toFilePath(checkPath('options.beside', beside)), prefix),
      ...shared,
      inBytes,
      variable: undefined,
    };
  }
  const before = prefix ?? 'osx-';
  if (directory !== undefined) {
    const path = toFilePath(checkPath('options.directory', directory));
    const inBytes = directory instanceof Uint8Array;
    return { directory: directoryPrefix(path), before, ...shared, inBytes, variable: undefined };
  }
  const found = findDirectory(process.env);
  return { directory: directoryPrefix(found.path), before, ...shared, inBytes: false, variable: found.variable };
}

function besideTarget(path: FilePath, prefix: string | undefined): { directory: FilePath; before: FilePath } {
  const { prefix: directory, name } = splitPath(absolutePath(path));
  if (['', '.', '..'].includes(name.toString())) throw invalidArgValue('options.beside', 'the path of a file', path);
  const stem = typeof name === 'string' ? name.slice(0, MAX_TARGET_UNITS) : name.subarray(0, MAX_TARGET_UNITS);
  return { directory, before: prefix ?? joinPath(joinPath('.', stem), '.') };
}

function checkAffix(argument: string, value: unknown): string {
  const affix = checkString(argument, value);
  if (/[/\0]/.test(affix) || affix.includes(MARK)) {
    throw invalidArgValue(argument, `a part of a file name: no "/", no null byte, no "${MARK}"`, value);
  }
  if (Buffer.byteLength(affix) > MAX_AFFIX_BYTES) throw outOfRange(argument, `at most ${MAX_AFFIX_BYTES} bytes`, value);
  return affix;
}

/** The path of a temporary with this random part. */
export function pathIn({ directory, before, after }: Place, middle: string): FilePath {
  return joinPath(joinPath(directory, before), middle + after);
}
