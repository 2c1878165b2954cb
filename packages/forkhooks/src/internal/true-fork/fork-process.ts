import {
  checkAbortSignal,
  checkBoolean,
  checkFd,
  checkFunction,
  checkOptions,
  checkTimeoutMs,
  invalidArgType,
  isSystemError,
  SystemError,
  throwIfAborted,
} from '@osx/errors';

import { assertBounds } from './assert-bounds.ts';
import { forkNow, type ForkPlan } from './fork-now.ts';
import type { ForkedProcess } from './forked-process.ts';

/** What `run` may give: an exit code from 0 to 255, or nothing. */
export type ForkedResult = number | void;

/** Options of {@link forkProcessSync}. */
export interface ForkProcessSyncOptions {
  /** Descriptors above 2 that the child needs, though events come from them: sockets, pipes. Files it has anyway. */
  readonly keepFds?: readonly number[] | undefined;
  /** Let the child live on when the parent ends; otherwise it gets SIGKILL then. Default false. */
  readonly outliveParent?: boolean | undefined;
  /**
   * Milliseconds to wait for a moment in which no thread is at work, 0 or more; then `ETIMEDOUT`. Default: 1000 for
   * `forkProcessSync`, which blocks meanwhile, and no limit for `forkProcess`.
   */
  readonly timeoutMs?: number | undefined;
}

/** Options of {@link forkProcess}. */
export interface ForkProcessOptions extends ForkProcessSyncOptions {
  /** Ends the wait for that moment. */
  readonly signal?: AbortSignal | undefined;
}

/** How long an attempt blocks, and how long the event loop has its turn between two of them. */
const PATIENCE_MS = 3;
const PAUSE_MS = 4;
const SYNC_TIMEOUT_MS = 1000;

/**
 * Forks this process, fork(2): a function runs in a child that has a copy-on-write copy of all memory, while the parent goes on.
 *
 * The fork is made in a turn of the event loop of its own, at a moment when no other thread is at work, which is waited for. The child
 * is this process between two of its callbacks; it never returns to its caller, and ends when `run` does: with
 * the number that this returned as its exit code, with 1 and a line on standard error when it threw.
 *
 * **Platform**: Linux x86-64 with glibc; Node.js 22, 24 or 26, started with `--single-threaded --v8-pool-size=1`; the main thread of a process
 * that has no Worker and no other thread that is not Node's own. Everything else is refused before anything is done.
 *
 * **Gotchas**: while an asynchronous `run` waits, the parent's timers go off in the child too; a synchronous one is alone. The child has
 * the parent's open files (their offsets are shared) and standard output; its sockets, pipes and other sources of events are
 * dead in the child, but for `keepFds`. `Math.random()` goes on alike in both. Listeners of `process`, of signals too, are the
 * parent's only. `process.exit()` works; nothing of `exit` or `beforeExit` runs.
 *
 * @param run Runs in the child. What it changes, it changes there.
 * @param options See {@link ForkProcessOptions}.
 * @returns The child. It keeps the parent alive until it ends, unless `unref()`ed.
 * @throws {TypeError|RangeError} on a bad argument, before anything else.
 * @throws {UnsupportedError} `ENOTSUP` outside the bounds, saying which is not met.
 * @throws {SystemError} `ETIMEDOUT` when threads were at work all the time; `EAGAIN`, `ENOMEM`, `EMFILE`. What a `beforeFork` hook throws.
 * @example
 * ```ts
 * import { canForkProcess, forkProcess } from '@osx/forkhooks/experimental-fork';
 *
 * const memory = { answer: 42 };
 * if (canForkProcess()) {
 *   const child = await forkProcess(() => memory.answer);
 *   console.log(await child.exited); // { code: 42, signal: null }
 * }
 * ```
 * @see https://man7.org/linux/man-pages/man2/fork.2.html
 */
export async function forkProcess(
  run: () => ForkedResult | PromiseLike<ForkedResult>,
  options?: ForkProcessOptions,
): Promise<ForkedProcess> {
  const { signal, timeoutMs } = checkOptions('options', options) as ForkProcessOptions;
  const plan = checkPlan(run, options, { isAsync: true, patienceMs: PATIENCE_MS });
  checkAbortSignal('options.signal', signal);
  const limit = checkTimeoutMs('options.timeoutMs', timeoutMs);
  throwIfAborted(signal);
  assertBounds();
  const deadline = limit === undefined ? Infinity : performance.now() + limit;
  const { promise, resolve, reject } = Promise.withResolvers<ForkedProcess>();
  const attempt = (): void => {
    try {
      throwIfAborted(signal);
      const child = forkNow(plan);
      if (child !== undefined) resolve(child);
    } catch (error) {
      if (!isSystemError(error, 'EBUSY')) reject(error);
      else if (performance.now() >= deadline) reject(timedOut(error));
      else setTimeout(attempt, PAUSE_MS);
    }
  };
  // A turn of its own: the stack above is ours alone, and in the child nobody goes on behind it.
  setImmediate(attempt);
  return promise;
}

/**
 * As {@link forkProcess}, at this very line, for a `run` that is synchronous: it is alone in the child. Blocks until no other thread is at
 * work, for `timeoutMs` at most (default 1000).
 *
 * @example
 * ```ts
 * import { canForkProcess, forkProcessSync } from '@osx/forkhooks/experimental-fork';
 *
 * if (canForkProcess()) console.log(forkProcessSync(() => {}).pid > 0); // true
 * ```
 */
export function forkProcessSync(run: () => ForkedResult, options?: ForkProcessSyncOptions): ForkedProcess {
  const { timeoutMs } = checkOptions('options', options) as ForkProcessSyncOptions;
  const patienceMs =
    timeoutMs === undefined ? SYNC_TIMEOUT_MS : (checkTimeoutMs('options.timeoutMs', timeoutMs) ?? Infinity);
  const plan = checkPlan(run, options, { isAsync: false, patienceMs });
  assertBounds();
  try {
    return forkNow(plan) as ForkedProcess;
  } catch (error) {
    throw isSystemError(error, 'EBUSY') ? timedOut(error) : error;
  }
}

/**
 * Whether this process can fork: system, version and flags of Node, thread. What changes while it runs, Workers that are alive and
 * threads at work, is seen by the fork itself.
 *
 * @example
 * ```ts
 * import { canForkProcess } from '@osx/forkhooks/experimental-fork';
 *
 * console.log(canForkProcess()); // false, without --single-threaded
 * ```
 */
export function canForkProcess(): boolean {
  try {
    assertBounds();
    return true;
  } catch (error) {
    if (isSystemError(error, 'ENOTSUP') || isSystemError(error, 'ERR_OSX_NATIVE_UNAVAILABLE')) return false;
    throw error;
  }
}

function checkPlan(
  run: unknown,
  options: ForkProcessSyncOptions | undefined,
  how: Pick<ForkPlan, 'isAsync' | 'patienceMs'>,
): ForkPlan {
  checkFunction('run', run);
  const { keepFds = [], outliveParent = false } = checkOptions('options', options);
  if (!Array.isArray(keepFds)) throw invalidArgType('options.keepFds', 'an array of descriptors', keepFds);
  return {
    ...how,
    run: run as () => unknown,
    keptFds: new Set(keepFds.map((fd, index) => checkFd(`options.keepFds[${index}]`, fd))),
    outliveParent: checkBoolean('options.outliveParent', outliveParent),
  };
}

function timedOut(cause: unknown): SystemError {
  return new SystemError({
    code: 'ETIMEDOUT',
    syscall: 'fork',
    message: `timed out: ${(cause as Error).message}`,
    cause,
  });
}
