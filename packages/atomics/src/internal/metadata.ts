import fs from 'node:fs';

import { hasCode } from '@osx/errors';

import { findBackend, type Backend } from '../select-backend.ts';
import { currentUmask } from './current-umask.ts';
import { newFileMode } from './default-acl.ts';
import type { FilePath } from './file-path.ts';
import { make, type Protocol } from './protocol.ts';
import type { WriteRequest } from './write-request.ts';

/** What the new file shall be, besides its content. */
export interface MetadataPlan {
  readonly mode: number;
  /** The mode comes from the old file, whose owner and group gave it its meaning. */
  readonly modeIsPreserved: boolean;
  readonly owners: readonly OwnerChange[];
  readonly xattrs: readonly (readonly [name: string, value: Buffer])[];
  /** Attributes that the directory's default ACL gave the new file and the old one did not have. */
  readonly dropped: readonly string[];
}

interface OwnerChange {
  readonly uid: number;
  readonly gid: number;
  /** Asked for by the caller: must succeed. */
  readonly required: boolean;
}

/** What is read of the old file. */
export interface Existing {
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

const PERMISSIONS = 0o7777;
const SET_ID = 0o6000;
const ACL = 'system.posix_acl_access';
/** Bound to the content, or a right that must not pass to new content: the kernel itself drops them on a write. */
const NEVER_COPIED: ReadonlySet<string> = new Set(['security.ima', 'security.evm', 'security.capability']);
const NOT_PERMITTED = ['EPERM', 'EACCES', 'EINVAL', 'ENOTSUP', 'ENODATA', 'ENOENT', 'ENOSYS'];

/**
 * Decides about mode, owner and extended attributes. The calls here are short and block: fstat of our own new file, and
 * the attribute lists.
 *
 * @param fd The new file.
 * @param target The old file's path.
 */
export function planMetadata(
  request: WriteRequest,
  existing: Existing | undefined,
  fd: number,
  prefix: FilePath,
  target: FilePath,
): MetadataPlan {
  const { preserve, kind } = request;
  const keepsMode = existing !== undefined && preserve.has('mode') && request.mode === undefined;
  const base = kind === 'file' ? 0o666 : 0o777;
  return {
    mode: keepsMode
      ? existing.mode & PERMISSIONS
      : (request.mode ?? newFileMode(findBackend(), prefix, base) ?? base & ~currentUmask()),
    modeIsPreserved: keepsMode,
    owners: ownerChanges(request, preserve.has('owner') ? existing : undefined, fd),
    ...(existing !== undefined && preserve.has('xattrs') ? xattrChanges(findBackend(), fd, target) : NO_XATTRS),
  };
}

/** Nothing but a mode that means the same before and after everything else: may be set while content is written. */
export function isOnlyMode(plan: MetadataPlan): boolean {
  const { owners, xattrs, dropped, mode } = plan;
  return owners.length === 0 && xattrs.length === 0 && dropped.length === 0 && (mode & SET_ID) === 0;
}

/** Owner, then attributes, then mode: chown clears the set-id bits, and until the owner is right nobody else may read. */
export function* applyMetadata(fd: number, plan: MetadataPlan): Protocol<void> {
  let { mode } = plan;
  for (const change of plan.owners) {
    const kept = yield* changeOwner(fd, change);
    if (plan.modeIsPreserved) mode &= modeMask(kept, mode);
  }
  changeXattrs(fd, plan);
  yield* make('fchmod', fd, mode);
}

interface Kept {
  readonly owner: boolean;
  readonly group: boolean;
}

/** What may stay of a preserved mode for another owner or group than it was meant for. */
function modeMask({ owner, group }: Kept, mode: number): number {
  const others = mode & 0o007;
  return PERMISSIONS & ~(owner ? 0 : 0o4000) & ~(group ? 0 : 0o2000 | (0o070 & ~(others << 3)));
}

function* changeOwner(fd: number, { uid, gid, required }: OwnerChange): Protocol<Kept> {
  try {
    yield* make('fchown', fd, uid, gid);
    return { owner: true, group: true };
  } catch (error) {
    if (required || !hasCode(error, NOT_PERMITTED)) throw error;
  }
  const owner = uid === -1;
  if (owner) return { owner, group: false };
  try {
    yield* make('fchown', fd, -1, gid);
    return { owner, group: true };
  } catch (error) {
    if (!hasCode(error, NOT_PERMITTED)) throw error;
    return { owner, group: false };
  }
}

function ownerChanges(request: WriteRequest, keep: Existing | undefined, fd: number): OwnerChange[] {
  const changes: OwnerChange[] = [];
  if (keep !== undefined) {
    const own = fs.fstatSync(fd);
    const uid = request.uid === -1 && own.uid !== keep.uid ? keep.uid : -1;
    const gid = request.gid === -1 && own.gid !== keep.gid ? keep.gid : -1;
    if (uid !== -1 || gid !== -1) changes.push({ uid, gid, required: false });
  }
  if (request.uid !== -1 || request.gid !== -1) {
    changes.push({ uid: request.uid, gid: request.gid, required: true });
  }
  return changes;
}

type XattrChanges = Pick<MetadataPlan, 'xattrs' | 'dropped'>;
const NO_XATTRS: XattrChanges = { xattrs: [], dropped: [] };

function xattrChanges(backend: Backend | undefined, fd: number, target: FilePath): XattrChanges {
  if (backend === undefined) return NO_XATTRS;
  const old = permitted(() => backend.listxattr(target, { followSymlinks: false })) ?? [];
  const inherited = permitted(() => backend.listxattr(fd)) ?? [];
  if (old.length === 0 && inherited.length === 0) return NO_XATTRS;
  const xattrs: [string, Buffer][] = [];
  for (const name of old) {
    if (NEVER_COPIED.has(name)) continue;
    const value = permitted(() => backend.getxattr(target, name, { followSymlinks: false }));
    if (value !== undefined && value !== null) xattrs.push([name, value]);
  }
  return { xattrs, dropped: inherited.includes(ACL) && !old.includes(ACL) ? [ACL] : [] };
}

function changeXattrs(fd: number, { xattrs, dropped }: XattrChanges): void {
  if (xattrs.length === 0 && dropped.length === 0) return;
  const backend = findBackend() as Backend;
  for (const name of dropped) permitted(() => backend.removexattr(fd, name));
  for (const [name, value] of xattrs) permitted(() => backend.setxattr(fd, name, value));
}

/** As far as permitted: undefined where it is not. */
function permitted<T>(call: () => T): T | undefined {
  try {
    return call();
  } catch (error) {
    if (!hasCode(error, NOT_PERMITTED)) throw error;
    return undefined;
  }
}
