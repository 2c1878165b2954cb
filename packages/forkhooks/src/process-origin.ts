import { currentProcess, identityText } from './internal/process-identity.ts';

/**
 * Who made this object: the boot, the process and the thread, by what the kernel says of them and not by the environment.
 *
 * What belongs to one process (a socket, a lock, a cache of ids) keeps its origin, and is not used where
 * {@link ProcessOrigin.isCurrent} is false: in the child of a fork(2), which has a copy of everything.
 *
 * **Platform** Linux: pid, start time, boot id and pid namespace of `/proc`, asked each time. Elsewhere pid and start of
 * this Node, which do not tell the child of a fork(2) from its parent.
 *
 * @example
 * ```ts
 * import { ProcessOrigin } from '@osx/forkhooks';
 *
 * const origin = new ProcessOrigin();
 * console.log(origin.isCurrent(), origin.pid === process.pid); // true true
 * ```
 */
export class ProcessOrigin {
  readonly pid: number;
  readonly threadId: number;
  readonly #process: string;

  constructor() {
    const current = currentProcess();
    this.pid = current.pid;
    this.threadId = currentThreadId();
    this.#process = identityText(current);
  }

  /** Whether it was made by the process, and the thread of it, that asks. */
  isCurrent(): boolean {
    return this.threadId === currentThreadId() && this.#process === identityText(currentProcess());
  }

  /** Boot id, pid namespace, pid, start time and thread: the same text for the same origin, and for no other. */
  toString(): string {
    return `${this.#process}/${this.threadId}`;
  }

  toJSON(): string {
    return this.toString();
  }
}

function currentThreadId(): number {
  return process.getBuiltinModule('node:worker_threads').threadId;
}
