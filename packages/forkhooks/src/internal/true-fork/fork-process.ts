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
 * Forks this process, fork(2), in a turn of the event loop of its own, and runs a function in the child, which has a
 * copy-on-write copy of all memory.
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
  return new Promise((resolve, reject) => {
    // A turn of its own: the stack above is ours alone, and in the child nobody is behind it.
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
    setImmediate(attempt);
  });
}

/** Forks at this very line. */
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

/** Whether this process can fork at all: system, Node, flags, thread. Not whether its threads are at rest right now. */
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
