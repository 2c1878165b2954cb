import type { ForkEvent, ForkOutcome } from '../fork-hook.ts';
import { type ForkRound, runAfterInParent, runBeforeFork } from './hook-registry.ts';

/** How a start is made once the hooks have had their say. */
export interface Start<T> {
  /** Makes the start what the event says by now; what it throws calls the start off. */
  readonly prepare: (round: ForkRound) => void;
  readonly start: () => T;
  readonly outcomeOf: (started: T) => Omit<ForkOutcome, 'data' | 'unwound'>;
}

/** One start of a child with all its hooks. */
export function runRound<T>(event: ForkEvent, { prepare, start, outcomeOf }: Start<T>): T {
  const round = runBeforeFork(event);
  let unwound = true;
  let started: T;
  try {
    prepare(round);
    unwound = false;
    started = start();
  } catch (error) {
    runAfterInParent(round, { error, unwound });
    throw error;
  }
  runAfterInParent(round, { ...outcomeOf(started), unwound });
  return started;
}
