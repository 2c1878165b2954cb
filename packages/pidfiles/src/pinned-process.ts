import { parseSignal } from '@osx/signals';

import type { PidfileRecord } from './pidfile-record.ts';

/** How a process ended: by exit, with a code, or by a signal. */
export interface ProcessExit {
  /** Exit code 0..255; null when a signal ended it. */
  readonly code: number | null;
  /** Name of the signal that ended it, such as `SIGKILL`; null after an exit. */
  readonly signal: string | null;
  readonly signalNumber: number | null;
  readonly coreDumped: boolean;
}

/** As much of a pidfd as this needs. @internal */
export interface ProcessHandle {
  readonly pid: number;
  readonly exited: Promise<ProcessExit | undefined>;
  sendSignal(signal: number): void;
  isAlive(): boolean;
  close(): void;
}

/**
 * The process that owns a pidfile, pinned: while this is open it means that process and no other, even when the process
 * ends and its pid is given away again. Made by {@link pinPidfileOwner}.
 *
 * **Platform** Linux 5.3.
 */
export class PinnedProcess implements Disposable {
  readonly #handle: ProcessHandle;
  /** Its pid as seen from here; the record may have it as seen from another pid namespace. */
  readonly pid: number;
  /** What the pidfile said. */
  readonly record: PidfileRecord;

  /** @internal */
  constructor(handle: ProcessHandle, record: PidfileRecord) {
    this.#handle = handle;
    this.pid = handle.pid;
    this.record = record;
  }

  /**
   * Sends it a signal, by pidfd: it reaches this process or nobody.
   *
   * @param signal Name or number; 0 only asks whether it could be sent.
   * @throws {TypeError|RangeError} for an unknown signal, before any system call.
   * @throws {SystemError} ESRCH (it has ended; zombies too), EPERM, EBADF (closed).
   */
  kill(signal: number | string): void {
    this.#handle.sendSignal(parseSignal(signal));
  }

  /**
   * Resolves when it has ended: how, or undefined where that is not known, as for processes that are not children of this
   * one and not reaped yet. No thread and no timer waits. Rejects with EBADF when closed before.
   */
  get exited(): Promise<ProcessExit | undefined> {
    return this.#handle.exited;
  }

  /**
   * Whether it has not ended; a zombie has.
   *
   * @throws {SystemError} EBADF (closed).
   */
  isAlive(): boolean {
    return this.#handle.isAlive();
  }

  /** Lets go of it; the process is not touched. Idempotent. */
  close(): void {
    this.#handle.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}
