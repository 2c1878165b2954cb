import { raiseDefault } from '../raise-default.ts';
import { keepAlive } from './keep-alive.ts';
import { nameOf } from './signal-names.ts';

/** The part of one shutdown in the end of the process. */
export interface Work {
  readonly abort: AbortSignal;
  readonly isOver: boolean;
  finish(): void;
  /** Aborts, and finishes without waiting. */
  abandon(reason: unknown): void;
}

const atWork = new Map<Work, AbortController>();
/** The first signal of those that are at work. */
let endsBy: number | undefined;

/** The process ends when every shutdown that has begun is through. */
export const endTogether = {
  begin(number: number): Work {
    endsBy ??= number;
    const controller = new AbortController();
    const letGo = keepAlive();
    const work: Work = {
      abort: controller.signal,
      get isOver() {
        return !atWork.has(work);
      },
      finish() {
        if (!atWork.delete(work)) return;
        // Warnings are printed on the next tick, and the others' last words may be, too.
        setImmediate(endIfAllAreThrough);
        letGo();
      },
      abandon(reason) {
        controller.abort(reason);
        work.finish();
      },
    };
    atWork.set(work, controller);
    return work;
  },

  endNow(number: number): void {
    for (const controller of atWork.values())
      controller.abort(new Error(`ended by ${nameOf(number)}, the second signal`));
    raiseDefault(number);
  },
};

function endIfAllAreThrough(): void {
  if (atWork.size === 0 && endsBy !== undefined) raiseDefault(endsBy);
}
