import { checkMaskChange } from './internal/check-mask-change.ts';
import { closeMaskScope, openMaskScope } from './internal/mask-scopes.ts';
import type { MaskChange } from './internal/thread-mask.ts';

/**
 * Changes the **calling thread's** signal mask until the scope is closed, which puts back what it found, of the signals that it
 * named (all of them for `'set'`). Scopes nest and may be closed in any order.
 *
 * **Platform** and **Gotchas** as `setSignalMask`. Whatever else runs in this thread during an `await` inside of the scope has
 * the mask, too.
 *
 * @param how `'block'` adds, `'unblock'` takes away, `'set'` makes it these and no others.
 * @param signals One or several, as `parseSignal` takes them.
 * @returns The scope, to be closed in the thread that opened it; closing it again does nothing.
 * @throws {TypeError|RangeError} before any system call, as `setSignalMask`.
 * @throws {UnsupportedError} `ERR_OSX_NATIVE_UNAVAILABLE` without the native layer.
 * @example
 * ```ts
 * import { getSignalMask, signalMaskScope } from '@osx/signals';
 *
 * {
 *   using _blocked = signalMaskScope('block', 'SIGUSR2');
 *   console.log(getSignalMask()); // [ 'SIGUSR2' ]
 * }
 * console.log(getSignalMask()); // []
 * ```
 */
export function signalMaskScope(
  how: MaskChange,
  signals: number | string | readonly (number | string)[],
): SignalMaskScope {
  const scope = openMaskScope(how, checkMaskChange(how, signals));
  const close = (): void => closeMaskScope(scope);
  return { close, [Symbol.dispose]: close };
}

/** An open scope of {@link signalMaskScope}. */
export interface SignalMaskScope extends Disposable {
  /** Puts back what the scope found; idempotent. */
  close(): void;
}
