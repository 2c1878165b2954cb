/**
 * Signals: their names and numbers, handlers in scopes, waiting, graceful shutdown, sending and queueing, the masks of a
 * thread, and an end that the parent sees as a signal.
 *
 * @module
 */
export { beforeDefaultEnd } from './before-default-end.ts';
export { getSignalMask } from './get-signal-mask.ts';
export { gracefulShutdown } from './graceful-shutdown.ts';
export type {
  CleanupContext,
  CleanupFunction,
  GracefulShutdown,
  GracefulShutdownOptions,
  NamedCleanup,
} from './graceful-shutdown.ts';
export type { HandlerOptions, SignalHandler, SignalSubscription } from './handler-options.ts';
export { iterateSignals } from './iterate-signals.ts';
export type { IterateSignalsOptions, SignalIterator } from './iterate-signals.ts';
export { onSignal } from './on-signal.ts';
export type { OnSignalOptions } from './on-signal.ts';
export { parseSignal } from './parse-signal.ts';
export { pendingSignals } from './pending-signals.ts';
export { processExists } from './process-exists.ts';
export { queueSignal } from './queue-signal.ts';
export { raiseDefault } from './raise-default.ts';
export { sendSignal } from './send-signal.ts';
export type { SendSignalOptions } from './send-signal.ts';
export { sendSignalToGroup } from './send-signal-to-group.ts';
export { setSignalMask } from './set-signal-mask.ts';
export { signalMaskScope } from './signal-mask-scope.ts';
export type { SignalMaskScope } from './signal-mask-scope.ts';
export { signalName } from './signal-name.ts';
export { signalScope } from './signal-scope.ts';
export type { ScopeAction } from './signal-scope.ts';
export { signals } from './signals.ts';
export { waitForSignal } from './wait-for-signal.ts';
export type { WaitForSignalOptions } from './wait-for-signal.ts';
