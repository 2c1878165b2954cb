import { writeSync } from 'node:fs';

import { raiseDefault, signalName } from '@osx/signals';

import type { Deathpact } from '../deathpact.ts';
import type { DeathPlan } from './check-pact-options.ts';
import { killAfter } from './kernel-deadline.ts';

/** How much later than `graceMs` the kernel kills, should the event loop not have got there. */
const LATE_MS = 1_000;
const STDERR = 2;

/** What only some pacts know when the last words are said. */
export interface LastStep {
  /** Whether the kernel has sent the signal already: the listeners have it, and need no second one. */
  readonly isSent?: boolean;
}

/** Deaths whose last words are not through. The last one sends its signal, for all. */
let atWork = 0;

/** The death of a process by one pact: last words, signal, and an end in any case. Happens once. */
export class Ending {
  readonly #plan: DeathPlan;
  #hasBegun = false;
  #hasDeadline = false;

  constructor(plan: DeathPlan) {
    this.#plan = plan;
  }

  get hasBegun(): boolean {
    return this.#hasBegun;
  }

  /** Does not return when nobody has to be waited for, neither here nor by another pact. */
  begin(pact: Deathpact, reason: string, lastStep: LastStep = {}): void {
    if (this.#hasBegun) return;
    this.#hasBegun = true;
    const { onDie, output } = this.#plan;
    atWork += 1;
    if (onDie !== undefined || output !== 'none') this.#setDeadline();
    this.#attempt(() => this.#write(reason));
    const lastWords = this.#attempt(() => onDie?.(pact));
    if (this.#plan.graceMs > 0 && isThenable(lastWords)) {
      const go = (): void => this.#signal(lastStep);
      lastWords.then(go, (error: unknown) => {
        this.#report(error);
        go();
      });
    } else {
      if (isThenable(lastWords)) lastWords.then(undefined, (error: unknown) => this.#report(error));
      this.#signal(lastStep);
    }
  }

  #write(reason: string): void {
    const { output, signal } = this.#plan;
    const message = `deathpact: process ${process.pid} ends by ${signalName(signal)}: ${reason}`;
    if (output === 'stderr') writeSync(STDERR, `${message}\n`);
    else if (output !== 'none') output(message);
  }

  #signal({ isSent = false }: LastStep): void {
    const { signal, graceMs } = this.#plan;
    atWork -= 1;
    if (graceMs > 0 && atWork > 0) return;
    const name = signalName(signal);
    const { isMainThread } = process.getBuiltinModule('node:worker_threads');
    // A Worker does not see the listeners, which are all on the main thread.
    const isListened = name !== 'SIGKILL' && (!isMainThread || process.listenerCount(name) > 0);
    if (graceMs === 0 || !isListened) endBy(signal);
    this.#setDeadline();
    if (!isSent) process.kill(process.pid, signal);
  }

  /** From now on for `graceMs`; the second call does not prolong it. */
  #setDeadline(): void {
    const { graceMs, escalation } = this.#plan;
    if (this.#hasDeadline) return;
    this.#hasDeadline = true;
    killAfter(graceMs + LATE_MS);
    if (graceMs > 0) setTimeout(() => endBy(escalation), graceMs);
  }

  #attempt<Result>(step: () => Result): Result | undefined {
    try {
      return step();
    } catch (error) {
      this.#report(error);
      return undefined;
    }
  }

  #report(error: unknown): void {
    try {
      if (this.#plan.onError === undefined) {
        const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
        writeSync(STDERR, `deathpact: while dying: ${text}\n`);
      } else {
        this.#plan.onError(error);
      }
    } catch {
      // Nobody is left to be told.
    }
  }
}

/** Ends this process by the signal, whatever stands in the way. */
function endBy(signal: number): never {
  raiseDefault(signal);
  raiseDefault('SIGKILL');
  throw new Error('a process went on after SIGKILL');
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}
