/**
 * Why a signal was aborted: what a cancelled call rejects with.
 *
 * @param signal An aborted signal.
 * @returns `signal.reason`: an `AbortError` DOMException unless the caller chose something else.
 * @example
 * ```ts
 * import { abortReason } from '@osx/errors';
 *
 * console.log(abortReason(AbortSignal.abort('shutdown'))); // shutdown
 * ```
 */
export function abortReason(signal: AbortSignal): unknown {
  return signal.reason;
}

/**
 * Throws the reason of a signal that is aborted; returns for one that is not, or for none.
 *
 * @param signal From `options.signal`.
 * @throws `signal.reason`, as it is.
 * @example
 * ```ts
 * import { throwIfAborted } from '@osx/errors';
 *
 * throwIfAborted(undefined);
 * throwIfAborted(new AbortController().signal);
 * ```
 */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw abortReason(signal);
}
