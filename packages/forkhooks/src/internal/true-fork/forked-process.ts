import { closeSync } from 'node:fs';

import { invalidArgType, invalidArgValue, isSystemError } from '@osx/errors';
import { checked, linuxConstants, watchFd, type FdWatch } from '@osx/native-ffi';

import { pidfdOpen, pidfdSendSignal, siginfoStruct, waitid } from './native-calls.ts';

/** How a forked child ended: by exit with a code, or by a signal. */
export interface ForkedExit {
  readonly code: number | null;
  /** `SIGKILL`; null after an exit. */
  readonly signal: NodeJS.Signals | null;
}

/** `si_code` of an exit, as against an end by a signal (<bits/siginfo-consts.h>). */
const CLD_EXITED = 1;

/**
 * The child of a fork(2), in the parent.
 *
 * It is pinned by a pidfd, which wakes the event loop at its end; nothing else that waits for children is disturbed. Like a
 * `ChildProcess` it keeps the parent alive until it ends, unless `unref()`ed.
 */
export class ForkedProcess {
  readonly pid: number;
  /** Resolves when the child has ended. Never rejects. */
  readonly exited: Promise<ForkedExit>;
  readonly #fd: number;
  readonly #watch: FdWatch;
  #exit: ForkedExit | undefined;

  /** @internal */
  constructor(pid: number) {
    this.pid = pid;
    this.#fd = checked(pidfdOpen(pid, 0), 'pidfd_open');
    const { promise, resolve } = Promise.withResolvers<ForkedExit>();
    this.exited = promise;
    this.#watch = watchFd(this.#fd, { readable: true }, () => {
      this.#exit = reap(this.#fd);
      this.#watch.close();
      closeSync(this.#fd);
      resolve(this.#exit);
    });
  }

  /** How it ended; null while it runs. */
  get exit(): ForkedExit | null {
    return this.#exit ?? null;
  }

  /**
   * Sends the child a signal, default SIGTERM, which ends it: the parent's handlers are not the child's.
   *
   * @returns false when it has ended.
   * @throws {TypeError} `ERR_INVALID_ARG_VALUE` for a name that is no signal.
   */
  kill(signal: NodeJS.Signals | number = 'SIGTERM'): boolean {
    const number = signalNumber(signal);
    if (this.#exit !== undefined) return false;
    const result = pidfdSendSignal(this.#fd, number, null, 0);
    try {
      checked(result, 'pidfd_send_signal');
      return true;
    } catch (error) {
      if (isSystemError(error, 'ESRCH')) return false;
      throw error;
    }
  }

  ref(): this {
    this.#watch.ref();
    return this;
  }

  unref(): this {
    this.#watch.unref();
    return this;
  }

  /** Kills the child, if it runs, and waits for its end. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.kill('SIGKILL');
    this.ref();
    await this.exited;
  }
}

/** Ends a child that nobody knows of yet, and waits: it takes a moment, for the child is held. */
export function discardChild(pid: number): void {
  process.kill(pid, 'SIGKILL');
  const { WEXITED } = linuxConstants();
  checked(waitid(P_PID, pid, Buffer.alloc(siginfoStruct.size()), WEXITED), 'waitid');
}

const P_PID = 1;

function reap(pidfd: number): ForkedExit {
  const { P_PIDFD, WEXITED, WNOHANG } = linuxConstants();
  const siginfo = Buffer.alloc(siginfoStruct.size());
  const result = waitid(P_PIDFD, pidfd, siginfo, WEXITED | WNOHANG);
  // Somebody in this process waited for all children, and the code is gone with that.
  if (result < 0) return { code: null, signal: null };
  const { si_code, si_status } = siginfoStruct.unpack(siginfo);
  return si_code === CLD_EXITED
    ? { code: si_status & 0xff, signal: null }
    : { code: null, signal: signalName(si_status) };
}

function signals(): [name: string, number: number][] {
  return Object.entries(process.getBuiltinModule('node:os').constants.signals);
}

function signalName(wanted: number): NodeJS.Signals | null {
  const found = signals().find(([, number]) => number === wanted);
  return (found?.[0] as NodeJS.Signals | undefined) ?? null;
}

function signalNumber(signal: unknown): number {
  if (typeof signal !== 'string' && typeof signal !== 'number') {
    throw invalidArgType('signal', 'of type string or number', signal);
  }
  const found = signals().find(([name, number]) => name === signal || number === signal)?.[1];
  if (found !== undefined) return found;
  if (signal === 0) return 0;
  throw invalidArgValue('signal', 'a signal', signal);
}
