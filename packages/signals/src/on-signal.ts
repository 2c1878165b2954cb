import { checkAbortSignal, checkBoolean, checkFunction, checkOptions } from '@osx/errors';

import type { HandlerOptions, SignalHandler, SignalSubscription } from './handler-options.ts';
import { checkHandleable } from './internal/check-handleable.ts';
import { checkCallOptions, HandlerCalls } from './internal/handler-calls.ts';
import { receiversFor, Subscription } from './internal/subscription.ts';

/** How an {@link onSignal} handler is called. */
export interface OnSignalOptions extends HandlerOptions {
  /** Close before the first call: one call in all, whichever of the signals comes. */
  readonly once?: boolean | undefined;
}

/**
 * Calls a handler when one of the signals comes, besides all other handlers, in order of registration.
 *
 * At least one call begins after the last signal came; the number of calls says nothing. An async handler does not overlap
 * itself. A handler that throws or rejects hinders no other. When the last handler of a signal goes, what the process does
 * about the signal is as the first one found it: Node's own `process.on` leaves a program that dies of SIGPIPE. Handlers do
 * not keep the process alive.
 *
 * **Platform** Main thread. Linux, real-time signals included; Darwin (not run); elsewhere what Node's `process.on` knows.
 * Without the native layer SIGPIPE, SIGXFSZ, SIGUSR1, SIGINT and SIGTERM become the default instead of what they were.
 *
 * **Gotchas** The handler runs when the event loop is free. A signal that came but was not handed out when the last handler
 * closes is lost. More than 4,096 signals during one blockage of the event loop: others than those are lost, in libuv's
 * pipe. Called for SIGABRT only when it is sent; `abort()` ends the process. SIGUSR1 no longer starts the debugger.
 *
 * @param signals Names or numbers, as `parseSignal` takes them.
 * @param handler See {@link SignalHandler}.
 * @returns The subscription, to be closed.
 * @throws {TypeError|RangeError} on a bad argument, and for what nobody can handle: SIGKILL, SIGSTOP; SIGSEGV, SIGBUS,
 *   SIGFPE, SIGILL, SIGTRAP, SIGSYS. Nothing is registered then, also not for the other signals.
 * @throws {UnsupportedError} in Workers; for SIGPROF while the process is being debugged; for real-time signals where Node
 *   does not show its signal handles.
 * @example
 * ```ts
 * import { onSignal } from '@osx/signals';
 *
 * {
 *   using subscription = onSignal(['SIGHUP', 'SIGUSR2'], async (name) => console.log(`${name}: reload`));
 *   console.log(subscription.isClosed); // false
 * }
 * ```
 * @see https://man7.org/linux/man-pages/man7/signal.7.html
 */
export function onSignal(
  signals: string | number | readonly (string | number)[],
  handler: SignalHandler,
  options?: OnSignalOptions,
): SignalSubscription {
  checkFunction('handler', handler);
  const { once = false, signal } = checkOptions('options', options) as OnSignalOptions;
  checkBoolean('options.once', once);
  const calls = new HandlerCalls(handler, checkCallOptions('options', options));
  const abortSignal = checkAbortSignal('options.signal', signal);
  const numbers = checkHandleable('signals', signals);

  const receivers = receiversFor(numbers, (name, number) => {
    if (once) subscription.close();
    calls.call(name, number);
  });
  const subscription = new Subscription('handler', receivers, {
    signal: abortSignal,
    whenClosed: () => calls.forgetWaiting(),
  });
  return subscription;
}
