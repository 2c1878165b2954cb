import type { Dir } from 'node:fs';

/** A directory that is being walked. */
export interface Frame {
  /** Its path for the caller, a byte string. */
  readonly path: string;
  /** Open for reading; undefined while it is closed to save descriptors. */
  fd: number | undefined;
  /** Device and inode, known while it is closed. */
  identity: string | undefined;
  /** While it is being read. */
  directory: Dir | undefined;
  /** Names that were read and are still to be looked at. */
  names: string[];
  /** Names of directories in it that are still to be walked. */
  readonly pending: string[];
  /** Its new permissions, if it gets them after what is in it. */
  readonly last: LastChange | undefined;
}

/** Permissions that a directory gets when its content has been walked. */
export interface LastChange {
  readonly from: number;
  readonly to: number;
  /** It was opened up for the walk, and must not stay so. */
  readonly isOpenedUp: boolean;
}

const READ_AND_ENTER = 0o500;

/** When a directory gets its permissions, so that its owner can walk it. */
export interface DirectoryPlan {
  /** Set before the walk. */
  readonly first: number | undefined;
  readonly last: LastChange | undefined;
}

/**
 * Before the walk, if the owner can read and enter it then; after it, if that is possible only now; and if it never is,
 * it is opened to its owner in between.
 *
 * @param isPrivileged Reads and enters every directory.
 */
export function planDirectory(from: number, to: number, isPrivileged: boolean): DirectoryPlan {
  if (from === to) return { first: undefined, last: undefined };
  if (isWalkable(to)) return { first: to, last: undefined };
  const isOpenedUp = !isWalkable(from) && !isPrivileged;
  return { first: isOpenedUp ? to | READ_AND_ENTER : undefined, last: { from, to, isOpenedUp } };
}

function isWalkable(permissions: number): boolean {
  return (permissions & READ_AND_ENTER) === READ_AND_ENTER;
}
