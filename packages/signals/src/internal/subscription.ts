import type { SignalSubscription } from '../handler-options.ts';
import { closeRoute, openRoute } from './signal-routes.ts';
import type { Receive, SignalRoute } from './signal-routes.ts';

/** An open route that closes by hand or with an AbortSignal. */
export class Subscription implements SignalSubscription {
  readonly #route: SignalRoute;
  readonly #signal: AbortSignal | undefined;
  readonly #whenClosed: (() => void) | undefined;

  /** With a signal that is aborted it is closed from the start, and nothing was registered. */
  constructor(
    kind: SignalRoute['kind'],
    receivers: ReadonlyMap<number, Receive>,
    options: { signal?: AbortSignal | undefined; whenClosed?: () => void } = {},
  ) {
    this.#route = { kind, receivers, isOpen: false };
    this.#signal = options.signal;
    this.#whenClosed = options.whenClosed;
    if (this.#signal?.aborted === true) return;
    openRoute(this.#route);
    this.#signal?.addEventListener('abort', this.#onAbort, { once: true });
  }

  get isClosed(): boolean {
    return !this.#route.isOpen;
  }

  close(): void {
    if (this.isClosed) return;
    this.#signal?.removeEventListener('abort', this.#onAbort);
    try {
      closeRoute(this.#route);
    } finally {
      this.#whenClosed?.();
    }
  }

  [Symbol.dispose](): void {
    this.close();
  }

  readonly #onAbort = (): void => this.close();
}

/** The same receiver for each of the signals. */
export function receiversFor(numbers: readonly number[], receive: Receive): Map<number, Receive> {
  return new Map(numbers.map((number) => [number, receive]));
}
