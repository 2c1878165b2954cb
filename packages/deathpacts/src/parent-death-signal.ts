import { checkInteger, checkOptions, hasCode, isSystemError, UnsupportedError } from '@osx/errors';
import { onSignal, parseSignal } from '@osx/signals';
import type { SignalSubscription } from '@osx/signals';

import type { DeathpactOptions } from './deathpact.ts';
import { checkPactOptions } from './internal/check-pact-options.ts';
import type { LastStep } from './internal/ending.ts';
import { Pact } from './internal/pact.ts';
import { ProcessWatch } from './internal/process-watch.ts';
import { findRoom, needRoom } from './select-backend.ts';

/** Options of {@link ParentDeathSignal}. */
export interface ParentDeathSignalOptions extends DeathpactOptions {
  /**
   * The parent's pid, as the parent told it: whoever else is the parent by now, that one is dead. 0 is legal (the parent
   * is in another pid namespace), and 1. Default: who is the parent when the pact is made.
   */
  readonly parent?: number | undefined;
}

/**
 * Wakes the event loop of a process that has something to do before its end. Not the signal that it ends by: caught, that
 * would end nobody any more who gets it from somebody else.
 */
const WAKING_SIGNAL = 'SIGRTMAX-3';

/** There is one setting in the process: who armed last has it. */
let lastArming = 0;

/**
 * Has the kernel send this process a signal when its parent dies (`PR_SET_PDEATHSIG`): the only pact that acts although the
 * event loop is blocked.
 *
 * After arming the parent is asked for once more, so a parent that dies meanwhile is noticed; when it is dead already, the
 * process dies at once, in the constructor. Besides, the parent is watched by pidfd: for the grace and the escalation of
 * a program that listens for the signal, and because the kernel drops the setting when this process changes its user or
 * group.
 *
 * **Platform** Linux 2.1.57; grace and escalation need Linux 5.3. Main thread.
 *
 * **Gotchas**
 * - The signal comes when the **thread** that started this process ends: in the child of a Worker at `worker.terminate()`. Use
 *   `spawnWithDeathpact` in the Worker, or another pact in its child. Of a dying parent it may come more than once.
 * - With `onDie` or `output` the kernel sends SIGRTMAX-3 instead, which wakes the event loop, and the pact then looks whether
 *   the parent process is dead. That, and listeners for `signal`, need a free event loop. Nothing else holds it up.
 * - With `sh -c`, `npm` or the like in between, that one is the parent: use {@link ProcessDeathpact}.
 * - An exec of a set-user-id program, or of one with file capabilities, takes the setting off; any other exec keeps it.
 *   `setegid` and its like take it off too: `isArmed()` tells, `poll()` sets it anew.
 * - One setting for the process: the pact made last has it.
 *
 * @throws {TypeError|RangeError} on a bad argument.
 * @throws {UnsupportedError} in a Worker (the setting belongs to a thread, and would end with it); elsewhere than on Linux.
 * @example
 * ```ts
 * import { ParentDeathSignal } from '@osx/deathpacts';
 *
 * const pact = new ParentDeathSignal({ signal: 'SIGKILL', parent: process.ppid });
 * console.log(pact.isArmed(), pact.shouldDie()); // true false
 * pact.close();
 * ```
 * @see https://man7.org/linux/man-pages/man2/PR_SET_PDEATHSIG.2const.html
 */
export class ParentDeathSignal extends Pact {
  /** The pid of the parent that is meant. */
  readonly parent: number;
  readonly #hasLastWords: boolean;
  readonly #kernelSignal: number;
  readonly #prctl: ReturnType<typeof needRoom<'prctl'>>;
  #arming: number | undefined;
  /** By the name that prctl reads back. */
  #setTo: string | null = null;
  #watch: ProcessWatch | undefined;
  #subscription: SignalSubscription | undefined;

  constructor(options?: ParentDeathSignalOptions) {
    const plan = checkPactOptions(options);
    const { parent = process.ppid } = checkOptions('options', options);
    checkInteger('options.parent', parent, { min: 0, max: 2 ** 31 - 1 });
    refuseInWorker();
    super(plan);
    this.parent = parent;
    this.#hasLastWords = plan.onDie !== undefined || plan.output !== 'none';
    this.#kernelSignal = this.#hasLastWords && plan.watch ? parseSignal(WAKING_SIGNAL) : plan.signal;
    this.#prctl = needRoom('prctl', 'a parent death signal');
    if (!plan.watch) {
      this.#arm();
      return;
    }
    // Pinned before the kernel is told: what getppid says afterwards holds for the process behind this pidfd.
    this.#watch = watchParent(parent);
    try {
      if (this.#hasLastWords) this.#subscription = onSignal(this.#kernelSignal, () => this.poll());
      if (this.#arm()) this.#watch?.start(() => this.poll());
    } catch (error) {
      this.close();
      throw error;
    }
    this.poll();
  }

  /**
   * Whether the kernel has the signal set. It takes it off when this process changes its effective or file system ids.
   */
  isArmed(): boolean {
    if (this.#arming !== lastArming) return false;
    const set = this.#prctl.getParentDeathSignal();
    return set !== null && set === this.#setTo;
  }

  /** Dies if it should; else makes sure that the signal is set, and sets it again when the kernel took it off. */
  override poll(): void {
    const isOurs = this.#arming !== undefined && this.#arming === lastArming;
    if (isOurs && !this.isClosed && !this.isDying && !this.isArmed()) this.#arm();
    super.poll();
  }

  /** @internal */
  protected findReason(): string | undefined {
    // An orphan is given to another parent, and never back.
    const isThere = process.ppid === this.parent && this.#watch?.isAlive() !== false;
    return isThere ? undefined : `its parent, process ${this.parent}, has ended`;
  }

  /** @internal */
  protected override lastStep(): LastStep {
    return { isSent: !this.#hasLastWords && this.reason() !== undefined && this.isArmed() };
  }

  /** @internal */
  protected letGo(): void {
    this.#watch?.close();
    this.#subscription?.close();
    if (this.isArmed()) this.#prctl.setParentDeathSignal(null);
  }

  /** False when the parent is gone. */
  #arm(): boolean {
    try {
      this.#prctl.setParentDeathSignal(this.#kernelSignal, { parentPid: this.parent });
    } catch (error) {
      if (hasCode(error, 'ESRCH')) return false;
      throw error;
    }
    this.#setTo = this.#prctl.getParentDeathSignal();
    lastArming += 1;
    this.#arming = lastArming;
    return true;
  }
}

function refuseInWorker(): void {
  const { isMainThread } = process.getBuiltinModule('node:worker_threads');
  if (isMainThread) return;
  throw new UnsupportedError({
    feature: 'a parent death signal in a Worker',
    requires: 'the main thread: the setting belongs to a thread, and ends with it',
    syscall: 'prctl',
  });
}

/** undefined where there is nothing to watch: out of sight, gone, or a kernel without pidfds. */
function watchParent(parent: number): ProcessWatch | undefined {
  const openPidfd = parent === 0 ? undefined : findRoom('pidfd')?.openPidfd;
  if (openPidfd === undefined) return undefined;
  try {
    return new ProcessWatch(openPidfd(parent));
  } catch (error) {
    if (isSystemError(error, ['ESRCH', 'EINVAL', 'ENOTSUP', 'EPERM'])) return undefined;
    throw error;
  }
}
