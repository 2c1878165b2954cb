import { checkBoolean, checkInteger, checkOneOf, checkOptions, checkPath, invalidArgValue } from '@osx/errors';
import type { PathLike } from '@osx/errors';

import type { LockKind, TryLockOptions } from '../lock-options.ts';
import { checkRange } from './check-range.ts';
import { packForThisProcess } from './record-lock-bytes.ts';

/** What is asked for when a file is locked: checked, and with its defaults. */
export interface LockRequest {
  readonly path: string | Buffer;
  readonly kind: LockKind;
  readonly shared: boolean;
  readonly start: bigint;
  readonly length: bigint;
  readonly create: boolean;
  readonly followSymlinks: boolean;
  readonly mode: number;
}

const KINDS = ['ofd', 'flock', 'posix'] as const;

export function checkLockRequest(path: PathLike, options: TryLockOptions | undefined): LockRequest {
  const checkedPath = checkPath('path', path);
  const {
    shared = false,
    kind = defaultKind(),
    start,
    length,
    create = true,
    followSymlinks = true,
    mode = 0o666,
  } = checkOptions('options', options) as TryLockOptions;
  checkOneOf('options.kind', kind, KINDS);
  const range =
    start === undefined && length === undefined
      ? { start: 0n, length: 0n }
      : checkRange('options', { start, length }, { negativeLength: false });
  if (kind === 'flock' && (range.start !== 0n || range.length !== 0n)) {
    throw invalidArgValue('options.kind', "'ofd' or 'posix' for a range: flock(2) locks whole files", kind);
  }
  return {
    path: checkedPath,
    kind,
    shared: checkBoolean('options.shared', shared),
    ...range,
    create: checkBoolean('options.create', create),
    followSymlinks: checkBoolean('options.followSymlinks', followSymlinks),
    mode: checkInteger('options.mode', mode, { min: 0, max: 0o7777 }),
  };
}

function defaultKind(): LockKind {
  return process.platform === 'linux' ? 'ofd' : 'flock';
}

/** Whether the ranges of two requests have a byte in common. */
export function overlaps(a: ByteRange, b: ByteRange): boolean {
  return startsBeforeEnd(a, b) && startsBeforeEnd(b, a);
}

export interface ByteRange {
  readonly start: bigint;
  /** 0 is to the end of everything. */
  readonly length: bigint;
}

function startsBeforeEnd(a: ByteRange, b: ByteRange): boolean {
  return b.length === 0n || a.start < b.start + b.length;
}

/** The `struct flock` of a request or a range; the usual one, the whole file, is packed once. */
export function lockBytes(type: 'read' | 'write' | 'unlock', { start, length }: ByteRange): Buffer {
  if (start !== 0n || length !== 0n) return packForThisProcess({ type, start, length });
  let bytes = wholeFile.get(type);
  if (bytes === undefined) wholeFile.set(type, (bytes = packForThisProcess({ type })));
  return bytes;
}

const wholeFile = new Map<string, Buffer>();
