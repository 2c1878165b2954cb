import { readFileSync } from 'node:fs';

import { isSystemError } from '@osx/errors';

import { needRoom } from '../../select-backend.ts';

const FEATURE = 'a cgroup for a tree';

/** The cgroup that a tree was started in. */
export class TreeCgroup {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  /** Whether a process is in it, or in one below. */
  has(pid: number): boolean {
    const path = pathOf(pid);
    return path === this.#path || (path?.startsWith(`${this.#path}/`) ?? false);
  }

  /** Ends all that are in it, or below. */
  async kill(): Promise<void> {
    try {
      await needRoom('cgroups', FEATURE).openCgroup(this.#path).kill();
    } catch (error) {
      // It was removed, or is not ours any more: those that are in it are ended one by one.
      if (!isSystemError(error)) throw error;
    }
  }
}

/** Where a process is in the hierarchy of version 2; undefined when it is gone. */
function pathOf(pid: number): string | undefined {
  try {
    return /^0::(.*)$/m.exec(readFileSync(`/proc/${pid}/cgroup`, 'utf8'))?.[1];
  } catch {
    return undefined;
  }
}
