import { existsSync } from 'node:fs';

import { SystemError, UnsupportedError } from '@osx/errors';

/** What a failed call was about. */
export interface CgroupPlace {
  /** Directory of the cgroup. */
  readonly path: string;
}

interface NodeError {
  readonly errno: number;
  readonly code: string;
  readonly syscall: string;
}

/** Files that every cgroup but the root has, and since when. */
const SINCE: Readonly<Record<string, string>> = {
  'cgroup.events': 'Linux 4.5',
  'cgroup.type': 'Linux 4.14',
  'cgroup.threads': 'Linux 4.14',
  'cgroup.max.depth': 'Linux 4.14',
  'cgroup.max.descendants': 'Linux 4.14',
  'cgroup.freeze': 'Linux 5.2',
  'cgroup.kill': 'Linux 5.14',
};

const READ_ONLY = 'the cgroup file system is mounted read-only, as in most containers';
const DELEGATION =
  'writing here is for the owner of the file, and a process is moved only by who may also write cgroup.procs of the ' +
  'cgroup that is above both the old and the new one (delegation)';
const NO_INTERNAL_PROCESSES =
  'a cgroup has either processes or controllers for its children (the rule of no internal processes)';

/** Why, by file and code, where the kernel's bare word would mislead. */
const REASONS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'cgroup.procs': {
    ESRCH: 'no such process',
    EACCES: DELEGATION,
    EBUSY: `${NO_INTERNAL_PROCESSES}, and this one has controllers in its subtree control`,
    ENOTSUP:
      'a threaded cgroup, or one that is invalid because of threaded ones around it, holds threads and not processes',
    ENOENT: 'the move would cross the border of a delegated subtree or a cgroup namespace (nsdelegate)',
    EINVAL: 'the kernel does not let this process be moved: it is a thread of the kernel',
  },
  'cgroup.threads': {
    ESRCH: 'no such thread',
    EACCES: DELEGATION,
    EBUSY: `${NO_INTERNAL_PROCESSES}, and this one has controllers in its subtree control`,
    ENOTSUP: 'a thread is moved only within the threaded subtree of its process',
  },
  'cgroup.subtree_control': {
    EACCES: DELEGATION,
    ENOENT:
      'not a controller of this cgroup: see controllers; its parent must enable it, and cgroups v1 must not use it',
    EINVAL: 'the kernel has no controller of that name',
    EBUSY: `${NO_INTERNAL_PROCESSES}: this one has processes; or a child hands on the controller that is to be disabled`,
    ENOTSUP: 'below a threaded domain there are only controllers that know threads',
  },
  'cgroup.type': {
    ENOTSUP: 'its parent, or what is in it, does not allow this type',
  },
  'cgroup.kill': {
    ENOTSUP: 'a threaded cgroup holds threads and not processes: kill the domain that they belong to',
  },
};

/** The error of a cgroup that is gone; a later one under its name is not it. */
export function goneError(path: string): SystemError {
  return new SystemError({ code: 'ENODEV', syscall: 'open', path, message: 'the cgroup is gone' });
}

/** What an error of Node's `fs` at a cgroup, or at one of its files, says; anything else as it is. */
export function cgroupFileError(error: unknown, { path }: CgroupPlace, key?: string, text?: string): unknown {
  if (!isNodeError(error)) return error;
  const { errno, code, syscall } = error;
  if (key === undefined) return new SystemError({ errno, syscall, path, cause: error });
  // The directory is there: what is missing is the file.
  if (code === 'ENOENT' && syscall === 'open') return missingFile(path, key, error);
  const message = reasonOf(code, key, text);
  return new SystemError({ errno, syscall, path: `${path}/${key}`, message, cause: error });
}

function missingFile(path: string, key: string, cause: NodeError): SystemError {
  const requires = SINCE[key];
  if (requires !== undefined) {
    return new UnsupportedError({
      feature: `${key} of ${path}`,
      requires: existsSync(`${path}/cgroup.events`) ? requires : 'a cgroup that is not the root',
      syscall: 'open',
      cause,
    });
  }
  const controller = key.split('.', 1)[0] ?? '';
  const message = `no such file in this cgroup: the controller ${controller} must be in the subtree control of its parent`;
  return new SystemError({ code: 'ENOENT', syscall: 'open', path: `${path}/${key}`, message, cause });
}

function reasonOf(code: string, key: string, text: string | undefined): string | undefined {
  if (code === 'ENODEV') return 'the cgroup is gone';
  if (code === 'EROFS') return READ_ONLY;
  const known = REASONS[key]?.[code];
  if (known !== undefined) return known;
  if (key.endsWith('.pressure') && code === 'ENOTSUP') {
    return 'the kernel does not measure pressure: it was built or started so (psi=0)';
  }
  if (text !== undefined && ['EINVAL', 'ERANGE'].includes(code)) return `the kernel refuses the value '${text}'`;
  return undefined;
}

/** The error of a failed mkdir of a child. */
export function createError(error: unknown, path: string): unknown {
  if (!isNodeError(error)) return error;
  const reasons: Readonly<Record<string, string>> = {
    EAGAIN: 'cgroup.max.descendants or cgroup.max.depth is reached, here or in a cgroup above',
    EACCES: 'only who may write the parent directory may make cgroups in it (delegation)',
    EROFS: READ_ONLY,
  };
  return new SystemError({ errno: error.errno, syscall: 'mkdir', path, message: reasons[error.code], cause: error });
}

/** The error of a failed rmdir. */
export function removeError(error: unknown, path: string): unknown {
  if (!isNodeError(error)) return error;
  const reasons: Readonly<Record<string, string>> = {
    EBUSY: 'the cgroup has processes, or cgroups below it; or it is where a hierarchy is mounted',
    EACCES: 'only who may write the parent directory may remove cgroups from it (delegation)',
    EROFS: READ_ONLY,
    ENOENT: 'the cgroup is gone',
  };
  const code = error.code === 'ENOENT' ? 'ENODEV' : error.code;
  return new SystemError({ code, syscall: 'rmdir', path, message: reasons[error.code], cause: error });
}

function isNodeError(error: unknown): error is NodeError {
  if (typeof error !== 'object' || error === null) return false;
  const { errno, code, syscall } = error as Partial<NodeError>;
  return typeof errno === 'number' && typeof code === 'string' && typeof syscall === 'string';
}
