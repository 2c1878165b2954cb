import type { Registration } from './internal/hook-registry.ts';
import { unregister } from './internal/registration.ts';

/** A hook that was added. Closing it removes it, and no later one of the same key. */
export class AddedForkHook {
  readonly key: string | symbol;
  readonly #registration: Registration;

  /** @internal */
  constructor(registration: Registration) {
    this.key = registration.key;
    this.#registration = registration;
  }

  /** Removes the hook; a second call does nothing. */
  close(): void {
    unregister(this.#registration);
  }

  [Symbol.dispose](): void {
    this.close();
  }
}
