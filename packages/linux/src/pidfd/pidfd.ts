import { closeSync } from 'node:fs';

import {
  checkAbortSignal,
  checkOneOf,
  checkOptions,
  checkTimeoutMs,
  invalidArgType,
  SystemError,
  throwIfAborted,
  UnsupportedError,
} from '@osx/errors';

import { DescriptorWait } from '../internal/descriptor-wait.ts';
import { bootId, pidfsInode } from '../internal/pidfs.ts';
import { exitOfTask, hasExited, reapOwnChild } from '../internal/pidfd-exit.ts';
import { pidfdHandle } from '../internal/pidfd-handle.ts';
import { pidfdInfo } from '../internal/read-pidfd-info.ts';
import { sendPidfdSignal } from '../internal/send-pidfd-signal.ts';
import { signalNumber } from '../internal/signal-number.ts';
import type { PidfdIdentity } from './pidfd-identity.ts';
import type { PidfdInfo } from './pidfd-info.ts';
import type { PidfdWaitOptions, SendSignalOptions } from './pidfd-options.ts';
import type { ProcessExit } from './process-exit.ts';

/** Made by {@link openPidfd} and {@link openIdentity}. @internal */
export interface PidfdParts {
  readonly fd: number;
  readonly pid: number;
  readonly isThread: boolean;
}

/**
 * A process, pinned: while the object is open it means that process and no other, even when its pid is given away again.
 *
 * **Platform** Linux 5.3; what needs more says so. Works in Workers; the descriptor is closed when the Worker ends.
 *
 * **Gotchas** A zombie (ended, but not yet waited for by its parent) counts as exited everywhere here.
 *
 * @example
 * ```ts
 * import { spawn } from 'node:child_process';
 * import { openPidfd } from '@osx/linux/pidfd';
 *
 * const child = spawn('sleep', ['60']);
 * const pidfd = openPidfd(child.pid as number);
 * pidfd.sendSignal('SIGTERM');
 * const exit = await pidfd.waitForExit({ timeoutMs: 5000 });
 * console.log(exit?.signal); // SIGTERM
 * pidfd.close();
 * ```
 *
 * @see https://man7.org/linux/man-pages/man2/pidfd_open.2.html
 */
export class Pidfd implements Disposable {
  /** The number that the process had when it was pinned; the process may be gone and the number another's. */
  readonly pid: number;
  /** Whether this is one thread of a process. */
  readonly isThread: boolean;
  readonly #fd: number;
  readonly #exit: DescriptorWait;
  readonly #reaping: DescriptorWait;
  #isClosed = false;
  #exited: Promise<ProcessExit | undefined> | undefined;

  /** @internal */
  constructor({ fd, pid, isThread }: PidfdParts) {
    this.#fd = fd;
    this.pid = pid;
    this.isThread = isThread;
    this.#exit = new DescriptorWait(fd, { readable: true });
    // A pidfd is never writable, but hangs up when its process is reaped (Linux 6.9), and libuv reports that to whoever
    // watches anything.
    this.#reaping = new DescriptorWait(fd, { writable: true });
  }

  /** The descriptor, to hand to a child or to other calls; it stays ours to close. */
  get fd(): number {
    return this.#openFd('pidfd');
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /**
   * The inode of the pidfd: unique in this boot (Linux 6.9).
   *
   * @throws {UnsupportedError} before Linux 6.9.
   * @throws {SystemError} EBADF (closed).
   */
  get inode(): bigint {
    return pidfsInode(this.#openFd('fstat'));
  }

  /**
   * Sends a signal to this very process (`pidfd_send_signal`), never to a later owner of its pid.
   *
   * @param signal Name (`'SIGTERM'`) or number; 0 only asks whether it could be sent.
   * @param options See {@link SendSignalOptions}.
   * @throws {SystemError} ESRCH (exited, zombies included), EPERM, EBADF (closed).
   * @throws {UnsupportedError} for a `scope` before Linux 6.9.
   */
  sendSignal(signal: number | string, options: SendSignalOptions = {}): void {
    const number = signalNumber(signal);
    const { scope } = checkOptions('options', options);
    if (scope !== undefined) checkOneOf('options.scope', scope, ['thread', 'process', 'processGroup'] as const);
    const fd = this.#openFd('pidfd_send_signal');
    if (hasExited(fd)) throw new SystemError({ code: 'ESRCH', syscall: 'pidfd_send_signal' });
    sendPidfdSignal(fd, number, scope);
  }

  /**
   * Whether the process has not exited.
   *
   * @throws {SystemError} EBADF (closed).
   */
  isAlive(): boolean {
    return !hasExited(this.#openFd('poll'));
  }

  /**
   * Resolves when the process has exited: how it ended, or undefined where that is not known (yet).
   *
   * It is known at once for children of this process, from a peek that takes nothing from node:child_process, and for
   * others once their parent has reaped them ({@link waitForExitStatus} waits for that). No thread and no timer waits.
   *
   * @param options `signal`, `timeoutMs`.
   * @throws {SystemError} ETIMEDOUT; EBADF (closed, before or meanwhile).
   */
  async waitForExit(options: PidfdWaitOptions = {}): Promise<ProcessExit | undefined> {
    const wait = checkWaitOptions(options);
    if (!hasExited(this.#openFd('poll'))) await this.#exit.wait(wait);
    return exitOfTask(this.#openFd('waitid'));
  }

  /**
   * As {@link waitForExit}, once and for all: pending when first read, and the same promise ever after. It rejects with
   * EBADF when the pidfd is closed before; that rejection need not be handled.
   */
  get exited(): Promise<ProcessExit | undefined> {
    if (this.#exited === undefined) {
      this.#exited = this.waitForExit();
      this.#exited.catch(() => {});
    }
    return this.#exited;
  }

  /**
   * Resolves when it is known how the process ended: at its exit for a child of this process, when its parent has reaped
   * it for any other.
   *
   * **Gotchas** A parent that never waits for its children keeps them zombies, and this pending.
   *
   * @param options `signal`, `timeoutMs`.
   * @throws {SystemError} ETIMEDOUT; EBADF (closed, before or meanwhile).
   * @throws {UnsupportedError} for another's process before Linux 6.15.
   */
  async waitForExitStatus(options: PidfdWaitOptions = {}): Promise<ProcessExit> {
    const wait = checkWaitOptions(options);
    const deadline = wait.timeoutMs === undefined ? undefined : performance.now() + wait.timeoutMs;
    if (!hasExited(this.#openFd('poll'))) await this.#exit.wait(wait);
    const known = exitOfTask(this.#openFd('waitid'));
    if (known !== undefined) return known;
    // Throws where the kernel has nothing of the kind.
    if (pidfdInfo(this.#openFd('ioctl')) !== undefined) {
      await this.#reaping.wait({
        signal: wait.signal,
        timeoutMs: deadline === undefined ? undefined : Math.max(0, deadline - performance.now()),
      });
    }
    const exit = exitOfTask(this.#openFd('ioctl'));
    if (exit !== undefined) return exit;
    throw new UnsupportedError({
      feature: 'the exit status of a process that is not a child',
      requires: 'Linux 6.15',
      syscall: 'ioctl',
    });
  }

  /**
   * How the process ended, as far as it is known now; undefined while it runs, and while another's zombie.
   *
   * @throws {SystemError} EBADF (closed).
   */
  exitStatus(): ProcessExit | undefined {
    return exitOfTask(this.#openFd('waitid'));
  }

  /**
   * Reaps a child of this process that has exited (`waitid(P_PIDFD)`), so that it is a zombie no more.
   *
   * **Gotchas** Only for children that nobody else waits for. Node reaps those of node:child_process itself: take one
   * away and its `exit` event never comes.
   *
   * @returns How it ended; undefined while it runs.
   * @throws {SystemError} ECHILD: not a child of this process, or reaped before. EBADF (closed).
   * @throws {UnsupportedError} before Linux 5.4.
   */
  reap(): ProcessExit | undefined {
    const exit = reapOwnChild(this.#openFd('waitid'));
    if (exit === 'not-a-child') throw new SystemError({ code: 'ECHILD', syscall: 'waitid' });
    return exit;
  }

  /**
   * What the kernel tells of the process: parent, user and group ids, cgroup (`PIDFD_GET_INFO`).
   *
   * @throws {SystemError} ESRCH (reaped), EBADF (closed).
   * @throws {UnsupportedError} before Linux 6.13.
   */
  info(): PidfdInfo {
    const info = pidfdInfo(this.#openFd('ioctl'));
    if (info === undefined) throw new SystemError({ code: 'ESRCH', syscall: 'ioctl' });
    return info;
  }

  /**
   * Who the process is, as plain data that {@link openIdentity} finds again, now or much later; or finds gone.
   *
   * @throws {UnsupportedError} before Linux 6.9.
   * @throws {SystemError} EBADF (closed).
   */
  identity(): PidfdIdentity {
    const fd = this.#openFd('name_to_handle_at');
    const inode = pidfsInode(fd).toString();
    const handle = pidfdHandle(fd)?.toString('hex');
    return {
      bootId: bootId(),
      pid: this.pid,
      inode,
      ...(handle !== undefined && { handle }),
      ...(this.isThread && { thread: true as const }),
    };
  }

  /**
   * Whether both are the same process, by inode: pids may be equal and the processes different.
   *
   * @param other A pidfd, or a stored identity.
   * @throws {UnsupportedError} before Linux 6.9.
   * @throws {SystemError} EBADF (one is closed).
   */
  isSame(other: Pidfd | PidfdIdentity): boolean {
    if (typeof other !== 'object' || other === null) throw invalidArgType('other', 'a Pidfd or PidfdIdentity', other);
    if ('bootId' in other) return this.inode.toString() === other.inode && bootId() === other.bootId;
    return this.inode === other.inode;
  }

  /** Keeps Node running while something waits for the exit (the default). */
  ref(): this {
    this.#exit.ref();
    this.#reaping.ref();
    return this;
  }

  /** Lets Node end although something waits for the exit. */
  unref(): this {
    this.#exit.unref();
    this.#reaping.unref();
    return this;
  }

  /** Closes the descriptor; the process is not touched. Pending waits reject with EBADF. Idempotent. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#exit.close(closedError('poll'));
    this.#reaping.close(closedError('poll'));
    closeSync(this.#fd);
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #openFd(syscall: string): number {
    if (this.#isClosed) throw closedError(syscall);
    return this.#fd;
  }
}

function closedError(syscall: string): SystemError {
  return new SystemError({ code: 'EBADF', syscall, message: 'the pidfd is closed' });
}

function checkWaitOptions(options: PidfdWaitOptions): PidfdWaitOptions {
  const { signal, timeoutMs } = checkOptions('options', options);
  throwIfAborted(checkAbortSignal('options.signal', signal));
  return { signal, timeoutMs: checkTimeoutMs('options.timeoutMs', timeoutMs) };
}
