import { checkInteger, checkOptions, checkString, hasCode, invalidArgType, invalidArgValue } from '@osx/errors';

import type { DeathpactOptions } from './deathpact.ts';
import { checkPactOptions } from './internal/check-pact-options.ts';
import { InheritedPidfd, pidfdNumber } from './internal/inherited-pidfd.ts';
import { Pact } from './internal/pact.ts';
import { ProcessWatch } from './internal/process-watch.ts';
import type { PinnedByFd } from './internal/process-watch.ts';
import { readFacts } from './internal/process-facts.ts';
import { needRoom } from './select-backend.ts';

/** Who a process is, as `Pidfd.identity()` of `@osx/linux/pidfd` told it; JSON keeps it. */
export interface ProcessIdentity {
  readonly bootId: string;
  readonly pid: number;
  readonly inode: string;
  readonly handle?: string;
}

/** Options of {@link ProcessDeathpact}: exactly one of `pid`, `identity` and `pidfd`. */
export interface ProcessDeathpactOptions extends DeathpactOptions {
  /** Its pid, as seen from here, 1 or more. Give `startTime` too, or the number may be another's by now. */
  readonly pid?: number | undefined;
  /** Field 22 of `/proc/PID/stat`: with it a later owner of the pid is told apart. */
  readonly startTime?: number | string | undefined;
  /** Its identity: no later owner of the pid is ever taken for it. Linux 6.9. */
  readonly identity?: ProcessIdentity | undefined;
  /** A pidfd of it, as a number (inherited over stdio) or as an object with `fd`; duplicated, and left open. */
  readonly pidfd?: number | { readonly fd: number } | undefined;
}

/**
 * Lives as long as the process that it names: a supervisor, a grandparent behind `sh -c` or `npm`, anyone.
 *
 * The process is pinned by pidfd. Its end wakes the event loop, without a thread or a timer, and the pact dies. When it is
 * gone already (or the pid is another's, as `startTime` or `identity` prove) the pact dies at once, in the constructor.
 *
 * **Platform** Linux 5.3; `identity` needs 6.9. Works in Workers, for the whole process.
 *
 * **Gotchas**
 * - A blocked event loop holds it up: see "A blocked event loop" in the README.
 * - A pid alone is only as good as the moment in which you learnt it: if the process died since and its number was given
 *   away, this is a pact with a stranger.
 * - A process that has ended and was not waited for yet (a zombie) has ended.
 *
 * @throws {TypeError|RangeError} on a bad argument, before any system call.
 * @throws {SystemError} EBADF, or EINVAL: `pidfd` is no pidfd; EMFILE, ENFILE.
 * @throws {UnsupportedError} elsewhere than on Linux; for `identity` before Linux 6.9.
 * @example
 * ```ts
 * import { ProcessDeathpact } from '@osx/deathpacts';
 *
 * using pact = new ProcessDeathpact({ pid: process.ppid, signal: 'SIGKILL' });
 * console.log(pact.shouldDie()); // false
 * ```
 * @see https://man7.org/linux/man-pages/man2/pidfd_open.2.html
 */
export class ProcessDeathpact extends Pact {
  readonly #watch: ProcessWatch | undefined;
  readonly #named: string;

  constructor(options: ProcessDeathpactOptions) {
    const plan = checkPactOptions(options);
    const target = checkTarget(options);
    super(plan);
    this.#named = target.named;
    const pinned = target.pin();
    if (pinned !== undefined) this.#watch = new ProcessWatch(pinned);
    if (!plan.watch) return;
    try {
      this.#watch?.start(() => this.poll());
    } catch (error) {
      this.close();
      throw error;
    }
    this.poll();
  }

  /** Lets the process live as long as the other one does, though it have nothing else to do. */
  ref(): this {
    this.#watch?.ref();
    return this;
  }

  /** Lets the process end when it has nothing else to do (the default). */
  unref(): this {
    this.#watch?.unref();
    return this;
  }

  /** @internal */
  protected findReason(): string | undefined {
    return this.#watch?.isAlive() === true ? undefined : `${this.#named} has ended`;
  }

  /** @internal */
  protected letGo(): void {
    this.#watch?.close();
  }
}

interface Target {
  readonly named: string;
  /** undefined when the process is gone. */
  pin(): PinnedByFd | undefined;
}

function checkTarget(options: ProcessDeathpactOptions): Target {
  const { pid, startTime, identity, pidfd } = checkOptions('options', options);
  if ([pid, identity, pidfd].filter((one) => one !== undefined).length !== 1) {
    throw invalidArgValue('options', 'an object with exactly one of pid, identity and pidfd', options);
  }
  const start = startTime === undefined ? undefined : checkStartTime(startTime);
  if (start !== undefined && pid === undefined) {
    throw invalidArgValue('options.startTime', 'given with a pid only', startTime);
  }
  if (pid !== undefined) {
    checkInteger('options.pid', pid, { min: 1, max: 2 ** 31 - 1 });
    return { named: `process ${pid}`, pin: () => pinByPid(pid, start) };
  }
  if (identity !== undefined) {
    if (typeof identity !== 'object' || identity === null) {
      throw invalidArgType('options.identity', 'of type object', identity);
    }
    return { named: `process ${identity.pid}`, pin: () => pinByIdentity(identity) };
  }
  const number = pidfdNumber('options.pidfd', pidfd);
  return { named: 'the process of the pidfd', pin: () => new InheritedPidfd(number) };
}

function checkStartTime(value: number | string): string {
  if (typeof value === 'number') return String(checkInteger('options.startTime', value, { min: 0 }));
  if (!/^\d{1,20}$/.test(checkString('options.startTime', value))) {
    throw invalidArgValue('options.startTime', 'a decimal number', value);
  }
  return value;
}

function pinByPid(pid: number, startTime: string | undefined): PinnedByFd | undefined {
  const { openPidfd } = needRoom('pidfd', 'a pact with a process');
  const pidfd = attempt(() => openPidfd(pid), ['ESRCH', 'EINVAL']);
  if (pidfd === undefined || startTime === undefined) return pidfd;
  // Asked after the pinning: if that process still lives afterwards, the number was its own in between.
  const isSame = readFacts(pid)?.startTime === startTime && pidfd.isAlive();
  if (isSame) return pidfd;
  pidfd.close();
  return undefined;
}

function pinByIdentity(identity: ProcessIdentity): PinnedByFd | undefined {
  const { openIdentity } = needRoom('pidfd', 'a pact with a process');
  return attempt(() => openIdentity(identity), 'ESTALE');
}

/** undefined for the errors that say: gone. */
function attempt<Result>(step: () => Result, gone: string | string[]): Result | undefined {
  try {
    return step();
  } catch (error) {
    if (hasCode(error, gone)) return undefined;
    throw error;
  }
}
