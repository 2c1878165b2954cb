import type { DeathpactOptions } from './deathpact.ts';
import { checkPactOptions } from './internal/check-pact-options.ts';
import { Pact } from './internal/pact.ts';

/**
 * The pact that never comes due: for code that takes a {@link Deathpact} and shall run without one.
 *
 * **Gotchas** `die()` is an order, and is obeyed as by all pacts.
 *
 * @throws {TypeError|RangeError} on a bad argument.
 * @example
 * ```ts
 * import { NoDeathpact, ParentDeathSignal } from '@osx/deathpacts';
 *
 * const pact = process.argv.includes('--supervised') ? new ParentDeathSignal() : new NoDeathpact();
 * console.log(pact.shouldDie()); // false
 * ```
 */
export class NoDeathpact extends Pact {
  constructor(options?: DeathpactOptions) {
    super(checkPactOptions(options));
  }

  /** @internal */
  protected findReason(): undefined {
    return undefined;
  }

  /** @internal */
  protected letGo(): void {}
}
