import { nameOf } from './internal/signal-names.ts';

/**
 * The canonical name of a signal's number on this platform: `SIGABRT`, not `SIGIOT`.
 *
 * Real-time signals are `SIGRTMIN`, `SIGRTMIN+1` ... and `SIGRTMAX`, as in `kill -l` without its turn at the middle.
 * `parseSignal` takes every name that this returns.
 *
 * **Platform** as `parseSignal`.
 *
 * @throws {TypeError} `ERR_INVALID_ARG_TYPE` when it is no number.
 * @throws {RangeError} `ERR_OUT_OF_RANGE` for 0, for the C library's own (32 and 33) and for what is no signal.
 * @example
 * ```ts
 * import { signalName } from '@osx/signals';
 *
 * console.log(signalName(15)); // SIGTERM
 * ```
 */
export function signalName(number: number): string {
  return nameOf(number);
}
