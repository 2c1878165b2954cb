import type { Deathpact } from '../deathpact.ts';
import type { DeathPlan } from './check-pact-options.ts';
import { Ending } from './ending.ts';
import type { LastStep } from './ending.ts';

/** What all pacts share: when to ask, how to die, and that it ends once. */
export abstract class Pact implements Deathpact {
  readonly #ending: Ending;
  #isClosed = false;

  /** @internal */
  constructor(plan: DeathPlan) {
    this.#ending = new Ending(plan);
  }

  /** Whether `close()` was called. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Whether the death has begun. */
  get isDying(): boolean {
    return this.#ending.hasBegun;
  }

  /** Dies if it should. */
  poll(): void {
    const reason = this.reason();
    if (reason !== undefined) this.#ending.begin(this, reason, this.lastStep());
  }

  /** Whether the reason to live is gone. Asks, now, and does nothing. False after `close()`. */
  shouldDie(): boolean {
    return this.reason() !== undefined;
  }

  /** Why it should die, in words; undefined while it should not, and after `close()`. */
  reason(): string | undefined {
    return this.#isClosed ? undefined : this.findReason();
  }

  /** Dies, whether it should or not. Does not return when there is nobody to wait for. */
  die(): void {
    this.#ending.begin(this, this.reason() ?? 'it was told to', this.lastStep());
  }

  /** Ends the pact: this process lives on whatever happens. A death that has begun goes on. Idempotent. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.letGo();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  /** @internal */
  protected abstract findReason(): string | undefined;

  /** Frees what the pact holds. @internal */
  protected abstract letGo(): void;

  /** @internal */
  protected lastStep(): LastStep {
    return {};
  }
}
