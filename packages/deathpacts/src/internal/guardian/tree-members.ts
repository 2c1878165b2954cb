import { readdirSync } from 'node:fs';

import { isSystemError } from '@osx/errors';

import { needRoom } from '../../select-backend.ts';
import type { Ward } from './messages.ts';
import type { Pinned } from './pinned.ts';
import { readEnviron, readFacts } from '../process-facts.ts';
import { TreeCgroup } from './tree-cgroup.ts';
import { carriesMark } from './tree-mark.ts';

/**
 * The processes of a tree: those whose environment carries its mark, and the descendants of all that were ever seen, whatever
 * theirs is. All are pinned: what is read of a number is believed only while the pidfd says that it was that process's.
 */
export class TreeMembers {
  readonly #mark: string | undefined;
  readonly #cgroup: TreeCgroup | undefined;
  readonly #members = new Map<number, Pinned>();

  constructor({ mark, cgroup }: Pick<Ward, 'mark' | 'cgroup'>, root: Pinned | undefined) {
    this.#mark = mark;
    this.#cgroup = cgroup === undefined ? undefined : new TreeCgroup(cgroup);
    if (root !== undefined) this.#members.set(root.pid, root);
  }

  /** Looks through all processes until there are no more to be found. @returns Those that live. */
  refresh(): Pinned[] {
    this.#forgetDead();
    while (this.#findMore());
    return [...this.#members.values()];
  }

  /** Looks once: for whoever looks again until nobody is new. @returns Those that are known and live. */
  look(): Pinned[] {
    this.#forgetDead();
    this.#findMore();
    return [...this.#members.values()];
  }

  /** Ends all in the cgroup in one step, where there is one. */
  async killCgroup(): Promise<void> {
    await this.#cgroup?.kill();
  }

  #forgetDead(): void {
    for (const [pid, member] of this.#members) {
      if (member.isAlive()) continue;
      member.close();
      this.#members.delete(pid);
    }
  }

  #findMore(): boolean {
    let found = false;
    for (const name of readdirSync('/proc')) {
      const pid = Number(name);
      if (!Number.isInteger(pid) || pid === process.pid || this.#members.has(pid) || !this.#belongs(pid)) continue;
      const pinned = this.#pin(pid);
      if (pinned === undefined) continue;
      this.#members.set(pid, pinned);
      found = true;
    }
    return found;
  }

  #belongs(pid: number): boolean {
    if (this.#cgroup?.has(pid) === true) return true;
    const environ = readEnviron(pid);
    if (environ !== undefined && this.#mark !== undefined && carriesMark(environ, this.#mark)) return true;
    const parent = this.#members.get(readFacts(pid)?.ppid ?? 0);
    return parent?.isAlive() ?? false;
  }

  #pin(pid: number): Pinned | undefined {
    try {
      const pinned = needRoom('pidfd', 'the guardian of death pacts').openPidfd(pid);
      // Again: until now the number was not held by anybody.
      if (this.#belongs(pid) && pinned.isAlive()) return pinned;
      pinned.close();
      return undefined;
    } catch (error) {
      // Too many for our descriptors: there will be some again when those that are pinned have ended.
      if (isSystemError(error, ['ESRCH', 'EINVAL', 'EMFILE', 'ENFILE'])) return undefined;
      throw error;
    }
  }
}
