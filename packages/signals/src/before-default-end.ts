import { checkFunction, invalidArgValue } from '@osx/errors';

import type { SignalSubscription } from './handler-options.ts';
import { checkHandleable } from './internal/check-handleable.ts';
import { defaultAction } from './internal/default-action.ts';
import { releaseDefaultEnds, useDefaultEnds } from './internal/default-ends.ts';
import { addLastCall, removeLastCall } from './internal/last-calls.ts';
import { signalHandleClass } from './internal/signal-handle.ts';
import { nameOf } from './internal/signal-names.ts';

/**
 * Calls back when one of the signals is about to end this process because nobody handles it, and lets it end by that signal.
 *
 * A listener of the program stays in charge: while there is one, for as long as it is there, this does nothing and is
 * in nobody's list of listeners. The callback is also called before every {@link raiseDefault} that ends the process, whichever signal
 * it raises, and so at the end of a {@link gracefulShutdown}. It is called once, and must do its work before it returns.
 *
 * **Platform** Main thread of Node.js; Linux; Darwin (not run).
 *
 * **Gotchas** The signal ends the process when the event loop is free: an endless loop that SIGINT would have ended goes on. What the
 * callback throws is lost, and the process ends. It is not called for SIGKILL from elsewhere, `process.exit()` and `abort()`.
 *
 * @param signals Names or numbers, as `parseSignal` takes them; only signals that end a process by default.
 * @param callback What to do; its result is not looked at.
 * @returns The subscription, to be closed. The last one out leaves the disposition as the first one found it.
 * @throws what {@link onSignal} throws; `ERR_INVALID_ARG_VALUE` for signals that do not end a process, such as SIGCHLD.
 * @throws {UnsupportedError} where Node does not show its signal handles.
 * @example
 * ```ts
 * import { rmSync } from 'node:fs';
 * import { beforeDefaultEnd } from '@osx/signals';
 *
 * using subscription = beforeDefaultEnd(['SIGTERM', 'SIGINT', 'SIGHUP'], () => rmSync('half.done', { force: true }));
 * console.log(process.listenerCount('SIGTERM')); // 0
 * ```
 * @see https://man7.org/linux/man-pages/man7/signal.7.html
 */
export function beforeDefaultEnd(
  signals: string | number | readonly (string | number)[],
  callback: () => unknown,
): SignalSubscription {
  checkFunction('callback', callback);
  const numbers = checkHandleable('signals', signals);
  for (const number of numbers) {
    if (defaultAction(number) === 'ends') continue;
    throw invalidArgValue('signals', 'signals that end a process by default', nameOf(number));
  }
  signalHandleClass();
  const call = (): unknown => callback();
  addLastCall(call);
  useDefaultEnds(numbers);
  let isClosed = false;
  const close = (): void => {
    if (isClosed) return;
    isClosed = true;
    removeLastCall(call);
    releaseDefaultEnds(numbers);
  };
  return {
    get isClosed() {
      return isClosed;
    },
    close,
    [Symbol.dispose]: close,
  };
}
