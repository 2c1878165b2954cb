import { checkString, invalidArgValue } from '@osx/errors';

import { currentProcess, identityText } from './internal/process-identity.ts';

const TEXT = /^([^/]*\/\d*\/(\d+)\/[\d.]+)\/(\d+)$/;

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
  #process: string;

  constructor() {
    const current = currentProcess();
    this.pid = current.pid;
    this.threadId = currentThreadId();
    this.#process = identityText(current);
  }

  /**
   * The origin that a text of {@link ProcessOrigin.toString} tells of: what went through a file, a message or `workerData`.
   *
   * @throws {TypeError} ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE for what is no such text.
   */
  static parse(text: string): ProcessOrigin {
    const [, process, pid, threadId] = TEXT.exec(checkString('text', text)) ?? [];
    if (process === undefined) throw invalidArgValue('text', 'of ProcessOrigin.toString()', text);
    const fields = { pid: Number(pid), threadId: Number(threadId) };
    const origin = Object.assign(new ProcessOrigin(), fields);
    origin.#process = process;
    return origin;
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
