import { checked } from '@osx/native-ffi';

import { sigpending } from './internal/signal-calls.ts';
import { nameOf } from './internal/signal-names.ts';
import { SIGNAL_SET_BYTES, unpackSignalSet } from './internal/signal-set.ts';

/**
 * The signals that wait for the **calling thread** to unblock them: its own and those of the process that it blocks
 * (`sigpending(2)`).
 *
 * **Platform** Linux; Darwin (not run).
 *
 * **Gotchas** Of a signal that is sent to the process nothing stays pending while another thread takes it (see
 * `setSignalMask`). How many of one real-time signal wait is not told.
 *
 * @returns Names in order of numbers.
 * @throws {UnsupportedError} `ERR_OSX_NATIVE_UNAVAILABLE` without the native layer.
 * @example
 * ```ts
 * import { pendingSignals } from '@osx/signals';
 *
 * console.log(pendingSignals()); // []
 * ```
 * @see https://man7.org/linux/man-pages/man2/sigpending.2.html
 */
export function pendingSignals(): string[] {
  const set = new Uint8Array(SIGNAL_SET_BYTES);
  checked(sigpending(set), 'sigpending');
  return unpackSignalSet(set).map((number) => nameOf(number));
}
