import { checkFunction, checkOptions, checkTimeoutMs, invalidArgValue } from '@osx/errors';

import type { SignalSubscription } from './handler-options.ts';
import { checkCleanups } from './internal/check-cleanups.ts';
import { checkHandleable } from './internal/check-handleable.ts';
import { defaultAction } from './internal/default-action.ts';
import { Shutdown } from './internal/shutdown.ts';
import { nameOf } from './internal/signal-names.ts';

/** What a cleanup is told. */
export interface CleanupContext {
  /** The canonical name of the signal that began it all. */
  readonly signal: string;
  /** Aborted at the deadline and by a second signal; the process ends in the same turn. */
  readonly abort: AbortSignal;
}

/** One step of a shutdown. */
export type CleanupFunction = (context: CleanupContext) => unknown;

/** A step with the name that reports give it; default: the function's name. */
export interface NamedCleanup {
  readonly name: string;
  readonly run: CleanupFunction;
}

/** What to do before the end. */
export interface GracefulShutdownOptions {
  /** Default: SIGTERM and SIGINT. Only signals that end a process by default. */
  readonly signals?: string | number | readonly (string | number)[] | undefined;
  /** Milliseconds for all cleanups together; the process ends then whatever they do. Default: no limit. */
  readonly deadlineMs?: number | undefined;
  /** Run one after the other, in this order. One that throws or rejects is reported, and the next one runs. */
  readonly cleanup: CleanupFunction | NamedCleanup | readonly (CleanupFunction | NamedCleanup)[];
  /** Called at each further signal. Default: the second one ends the process at once. */
  readonly onSecondSignal?: ((name: string) => unknown) | undefined;
  /** Gets what a cleanup failed with, and its name. Default: `process.emitWarning`. */
  readonly onError?: ((error: unknown, name: string) => unknown) | undefined;
}

/** A shutdown that waits for its signal, or is under way. */
export interface GracefulShutdown extends SignalSubscription {
  readonly isShuttingDown: boolean;
}

/**
 * Cleans up when a signal asks the process to end, and then ends it by that very signal.
 *
 * The parent sees a signal (`WIFSIGNALED`, `{ code: null, signal: 'SIGTERM' }`), whatever `process.exitCode` is: supervisors
 * and shells tell it from an exit. A second signal, or the deadline, ends the process without waiting any longer. From the
 * first signal on the process stays alive until then, and closing has no effect any more: a program that leaves its `using`
 * block because it shuts down still ends by the signal.
 *
 * Several shutdowns run side by side; the process ends by the first one's signal, when all that have begun are through.
 * A shutdown counts as a scope: a {@link signalScope} opened inside it takes its signals over.
 *
 * **Platform** as {@link onSignal}.
 *
 * **Gotchas** As with every end by a signal no `'exit'` listeners run. At the deadline the cleanups that have not begun do not
 * begin: put the quick and important ones first, or run them together. A cleanup that blocks the event loop blocks deadline
 * and second signal too: no code in this thread can help, SIGKILL does. A cleanup that is listed twice runs twice.
 * A parent that passes on what the whole group got makes a signal come twice: give an `onSecondSignal`.
 *
 * @param options See {@link GracefulShutdownOptions}.
 * @returns What to close when there is nothing to clean up any more.
 * @throws what {@link onSignal} throws; `ERR_INVALID_ARG_VALUE` for signals that do not end a process, such as SIGCHLD.
 * @example
 * ```ts
 * import { createServer } from 'node:http';
 * import { gracefulShutdown } from '@osx/signals';
 *
 * const server = createServer((_request, response) => response.end('hello'));
 * using shutdown = gracefulShutdown({
 *   deadlineMs: 10_000,
 *   cleanup: [
 *     { name: 'http', run: () => new Promise((resolve) => server.close(resolve)) },
 *     { name: 'log', run: ({ signal }) => console.log(`ends by ${signal}`) },
 *   ],
 * });
 * console.log(shutdown.isShuttingDown); // false
 * ```
 * @see https://www.gnu.org/software/libc/manual/html_node/Termination-in-Handler.html
 */
export function gracefulShutdown(options: GracefulShutdownOptions): GracefulShutdown {
  const {
    signals = ['SIGTERM', 'SIGINT'],
    deadlineMs,
    cleanup,
    onSecondSignal,
    onError,
  } = checkOptions('options', options) as GracefulShutdownOptions;
  const timeLimit = checkTimeoutMs('options.deadlineMs', deadlineMs);
  const cleanups = checkCleanups('options.cleanup', cleanup);
  if (onSecondSignal !== undefined) checkFunction('options.onSecondSignal', onSecondSignal);
  if (onError !== undefined) checkFunction('options.onError', onError);
  const numbers = checkHandleable('options.signals', signals);
  for (const number of numbers) {
    if (defaultAction(number) === 'ends') continue;
    throw invalidArgValue('options.signals', 'signals that end a process by default', nameOf(number));
  }
  return new Shutdown(numbers, { deadlineMs: timeLimit, cleanups, onSecondSignal, onError });
}
