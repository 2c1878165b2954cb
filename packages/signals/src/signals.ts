import { namesIn } from './internal/signal-names.ts';
import { signalTable } from './internal/signal-table.ts';

/**
 * Every signal of this platform that programs may use: canonical name to number, in order of numbers, real-time signals
 * included.
 *
 * **Platform** as `parseSignal`.
 *
 * @returns A new map at each call.
 * @example
 * ```ts
 * import { signals } from '@osx/signals';
 *
 * console.log(signals().get('SIGTERM')); // 15
 * ```
 */
export function signals(): ReadonlyMap<string, number> {
  return namesIn(signalTable());
}
