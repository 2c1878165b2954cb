import { accessSync, constants, statSync, type Stats } from 'node:fs';

import { isSystemError } from '@osx/errors';

import { findRoom } from '../../select-backend.ts';
import { isLoadable } from './is-loadable.ts';
import type { LaunchRequest } from './launch-request.ts';

const SET_USER_ID = 0o4000;
/** Without the group's right to execute, set-group-id means something else. */
const SET_GROUP_ID = 0o2010;

/** What can be said beforehand of the file that will be executed. */
export interface FoundProgram {
  /** The kernel will execute it: it is there, of this machine, and so is its interpreter. Otherwise the kernel must be asked. */
  readonly isPlain: boolean;
  /** Its execution takes the parent-death signal off, or may. */
  readonly isSetId: boolean;
}

/** Looks for the program as execvp will. */
export function findProgram({
  file,
  environment,
  options,
}: Pick<LaunchRequest, 'file' | 'environment' | 'options'>): FoundProgram {
  const paths = process.getBuiltinModule('node:path');
  const places = file.includes('/') ? [''] : (environment['PATH']?.split(':') ?? []);
  for (const place of places) {
    const path = paths.resolve(directoryOf(options.cwd), place, file);
    const stats = executable(path);
    if (stats !== undefined) return { isPlain: isLoadable(path), isSetId: isSetId(stats) || hasCapabilities(path) };
  }
  return { isPlain: false, isSetId: false };
}

function directoryOf(cwd: string | URL | undefined): string {
  return cwd instanceof URL ? process.getBuiltinModule('node:url').fileURLToPath(cwd) : (cwd ?? '.');
}

function executable(path: string): Stats | undefined {
  try {
    const stats = statSync(path);
    accessSync(path, constants.X_OK);
    return stats.isFile() ? stats : undefined;
  } catch {
    return undefined;
  }
}

function isSetId({ mode }: Stats): boolean {
  return (mode & SET_USER_ID) !== 0 || (mode & SET_GROUP_ID) === SET_GROUP_ID;
}

/** Root has them all, so that for root they change nothing. */
function hasCapabilities(path: string): boolean {
  if (process.geteuid?.() === 0) return false;
  try {
    return (findRoom('xattr')?.getxattr(path, 'security.capability') ?? null) !== null;
  } catch (error) {
    // A file system without attributes.
    if (isSystemError(error)) return false;
    throw error;
  }
}
