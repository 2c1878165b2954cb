import {
  checkAbortSignal,
  checkBoolean,
  checkInteger,
  checkOneOf,
  checkOptions,
  checkPath,
  invalidArgType,
} from '@osx/errors';

import type { AtomicOptions, Durability, Preserved } from '../atomic-options.ts';
import {
  absolutePath,
  checkFilePath,
  refuseDirectoryName,
  toFilePath,
  withoutTrailingSlashes,
  type FilePath,
} from './file-path.ts';

/** Checked options of one write, swap or stream. */
export interface WriteRequest {
  /** As given, for errors. */
  readonly asked: FilePath;
  /** Absolute; with `root`, as given. */
  readonly path: FilePath;
  readonly root: FilePath | undefined;
  readonly kind: 'file' | 'directory';
  readonly mode: number | undefined;
  readonly uid: number;
  readonly gid: number;
  readonly durability: Durability;
  readonly exclusive: boolean;
  readonly preserve: ReadonlySet<Preserved>;
  readonly followSymlinks: boolean;
  readonly makeDirectories: boolean;
  readonly signal: AbortSignal | undefined;
}

const DURABILITIES = ['none', 'file', 'full'] as const;
const PRESERVED = ['mode', 'owner', 'xattrs'] as const;
const EVERYTHING: ReadonlySet<Preserved> = new Set(PRESERVED);
const NOTHING: ReadonlySet<Preserved> = new Set();
const MAX_ID = 2 ** 32 - 2;

/** Checks path and options; no system call yet. */
export function checkRequest(
  path: unknown,
  options: AtomicOptions & { exclusive?: boolean | undefined } = {},
  kind: 'file' | 'directory' = 'file',
): WriteRequest {
  const asked = toFilePath(checkPath('path', path));
  const {
    mode,
    uid,
    gid,
    durability = 'full',
    exclusive = false,
    preserve = true,
    followSymlinks = true,
    makeDirectories = false,
    rootDirectory,
    signal,
  } = checkOptions('options', options);
  if (mode !== undefined) checkInteger('options.mode', mode, { min: 0, max: 0o7777 });
  const root = rootDirectory === undefined ? undefined : checkFilePath('options.rootDirectory', rootDirectory);
  const named = kind === 'directory' ? withoutTrailingSlashes(asked) : asked;
  refuseDirectoryName(named);
  return {
    asked,
    path: root === undefined ? absolutePath(named) : named,
    root: root === undefined ? undefined : withoutTrailingSlashes(root),
    kind,
    mode,
    uid: checkId('options.uid', uid),
    gid: checkId('options.gid', gid),
    durability: checkOneOf('options.durability', durability, DURABILITIES),
    exclusive: checkBoolean('options.exclusive', exclusive),
    preserve: checkPreserve(preserve),
    followSymlinks: checkBoolean('options.followSymlinks', followSymlinks),
    makeDirectories: checkBoolean('options.makeDirectories', makeDirectories),
    signal: checkAbortSignal('options.signal', signal),
  };
}

/** -1 is how chown(2) spells "leave it". */
function checkId(name: string, id: unknown): number {
  return id === undefined ? -1 : checkInteger(name, id, { min: 0, max: MAX_ID });
}

function checkPreserve(preserve: unknown): ReadonlySet<Preserved> {
  if (typeof preserve === 'boolean') return preserve ? EVERYTHING : NOTHING;
  if (!Array.isArray(preserve)) throw invalidArgType('options.preserve', 'of type boolean or an array', preserve);
  return new Set(preserve.map((part: unknown) => checkOneOf('options.preserve', part, PRESERVED)));
}
