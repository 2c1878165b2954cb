import { isSystemError } from '@osx/errors';

import { needRoom } from '../../select-backend.ts';
import type { Ward } from './messages.ts';
import { endTree } from './end-tree.ts';
import { readFacts } from '../process-facts.ts';
import { allEnded, sendTo, type Pinned } from './pinned.ts';
import { TreeMembers } from './tree-members.ts';

const SIGKILL = 9;

/** A child in the guardian's hands: pinned, so that whatever happens to its pid, only it is meant. */
export class GuardedWard {
  /** Resolves when the child is gone, and with a mark also what carries it. */
  readonly gone: Promise<void>;
  readonly #ward: Ward;
  readonly #root: Pinned | undefined;
  readonly #members: TreeMembers | undefined;
  #isEnding = false;

  constructor(ward: Ward, parentPid: number) {
    this.#ward = ward;
    this.#root = pinChild(ward.pid, parentPid);
    this.#members = ward.mark === undefined ? undefined : new TreeMembers(ward, this.#root);
    this.gone = this.#untilGone();
  }

  /** Looks at what there is, so that a later look, when time counts, is quick: code is compiled and libraries are loaded. */
  warmUp(): void {
    this.#members?.look();
  }

  /** Ends what is left of it: the parent is dead. Resolves when nothing is. */
  async end(): Promise<void> {
    this.#isEnding = true;
    const { signal, graceMs } = this.#ward;
    if (signal !== SIGKILL) {
      for (const pinned of this.#members?.refresh() ?? this.#rootAlone()) sendTo(pinned, signal);
      if (graceMs === undefined) return;
      await this.#grace(graceMs);
    }
    if (this.#members !== undefined) await endTree(this.#members);
    else if (this.#root !== undefined) await kill(this.#root);
  }

  async #untilGone(): Promise<void> {
    await allEnded(this.#rootAlone());
    // The members of a tree are closed by their list.
    if (this.#members === undefined) this.#root?.close();
    while (!this.#isEnding && this.#members !== undefined) {
      const left = this.#members.refresh();
      if (left.length === 0) return;
      await allEnded(left);
    }
  }

  #rootAlone(): Pinned[] {
    return this.#root === undefined ? [] : [this.#root];
  }

  /** Until all are gone, and for so long at most. */
  async #grace(milliseconds: number): Promise<void> {
    const { setTimeout: sleep } = process.getBuiltinModule('node:timers/promises');
    const stop = new AbortController();
    const over = sleep(milliseconds, undefined, { signal: stop.signal }).catch(() => {});
    const all = async (): Promise<void> => {
      for (let left = this.#rootAlone(); ;) {
        await Promise.race([allEnded(left), over]);
        left = this.#members?.refresh() ?? [];
        if (left.length === 0 || stop.signal.aborted) return;
      }
    };
    await Promise.race([all(), over]);
    stop.abort();
  }
}

async function kill(root: Pinned): Promise<void> {
  sendTo(root, SIGKILL);
  await allEnded([root]);
}

/** undefined when it is gone: the number may be a stranger's by now, and a stranger is nobody's child here. */
function pinChild(pid: number, parentPid: number): Pinned | undefined {
  try {
    const pidfd = needRoom('pidfd', 'the guardian of death pacts').openPidfd(pid);
    if (readFacts(pid)?.ppid === parentPid && pidfd.isAlive()) return pidfd;
    pidfd.close();
    return undefined;
  } catch (error) {
    if (isSystemError(error, ['ESRCH', 'EINVAL'])) return undefined;
    throw error;
  }
}
