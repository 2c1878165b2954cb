/**
 * Signals: their names and numbers, handlers in scopes, waiting, graceful shutdown, sending and queueing, the masks of a
 * thread, and an end that the parent sees as a signal.
 *
 * @module
 */
export { parseSignal } from './parse-signal.ts';
export { raiseDefault } from './raise-default.ts';
export { signalName } from './signal-name.ts';
export { signals } from './signals.ts';
