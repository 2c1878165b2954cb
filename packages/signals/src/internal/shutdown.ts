import { SystemError } from '@osx/errors';

import type { GracefulShutdown, GracefulShutdownOptions, NamedCleanup } from '../graceful-shutdown.ts';
import { endTogether } from './end-together.ts';
import type { Work } from './end-together.ts';
import { receiversFor, Subscription } from './subscription.ts';

/** A shutdown's options, checked. */
export interface ShutdownPlan extends Pick<GracefulShutdownOptions, 'onSecondSignal' | 'onError'> {
  readonly deadlineMs: number | undefined;
  readonly cleanups: readonly NamedCleanup[];
}

/** Waits for a signal; at work after the first one, and deaf to `close()` from then on. */
export class Shutdown implements GracefulShutdown {
  readonly #plan: ShutdownPlan;
  readonly #subscription: Subscription;
  #work: Work | undefined;
  #deadline: NodeJS.Timeout | undefined;
  #atWork = 0;

  constructor(numbers: readonly number[], plan: ShutdownPlan) {
    this.#plan = plan;
    this.#subscription = new Subscription(
      'shutdown',
      receiversFor(numbers, (name, number) => this.#receive(name, number)),
    );
  }

  get isShuttingDown(): boolean {
    return this.#work !== undefined;
  }

  get isClosed(): boolean {
    return this.#subscription.isClosed;
  }

  close(): void {
    if (!this.isShuttingDown) this.#subscription.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #receive(name: string, number: number): void {
    const { onSecondSignal, deadlineMs } = this.#plan;
    if (this.#work === undefined) {
      this.#work = endTogether.begin(number);
      if (deadlineMs !== undefined) this.#deadline = setTimeout(() => this.#giveUp(deadlineMs), deadlineMs);
      void this.#cleanUp(name, this.#work);
    } else if (onSecondSignal === undefined) {
      endTogether.endNow(number);
    } else {
      void this.#attempt('onSecondSignal', () => onSecondSignal(name));
    }
  }

  async #cleanUp(signal: string, work: Work): Promise<void> {
    for (const { name, run } of this.#plan.cleanups) {
      await this.#attempt(name, () => run({ signal, abort: work.abort }));
      if (work.isOver) return;
      this.#atWork += 1;
    }
    clearTimeout(this.#deadline);
    work.finish();
  }

  #giveUp(deadlineMs: number): void {
    const [current, ...rest] = this.#plan.cleanups.slice(this.#atWork).map(({ name }) => name);
    const skipped = rest.length === 0 ? '' : `; not begun: ${rest.join(', ')}`;
    const error = new SystemError({
      code: 'ETIMEDOUT',
      syscall: 'gracefulShutdown',
      message: `not done at the deadline of ${deadlineMs} ms${skipped}`,
    });
    void this.#attempt(current as string, () => Promise.reject(error));
    this.#work?.abandon(error);
  }

  /** Runs a callback; what it fails with is told, and never thrown. */
  async #attempt(name: string, callback: () => unknown): Promise<void> {
    try {
      await callback();
    } catch (error) {
      await this.#tell(error, name);
    }
  }

  async #tell(error: unknown, name: string): Promise<void> {
    const onError: (error: unknown, name: string) => unknown = this.#plan.onError ?? warn;
    try {
      await onError(error, name);
    } catch (failure) {
      // An unhandled rejection would end the process before the other cleanups.
      warn(error, name);
      warn(failure, 'onError');
    }
  }
}

function warn(error: unknown, name: string): void {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.emitWarning(`${name} failed while shutting down: ${text}`, {
    type: 'ShutdownWarning',
    code: 'OSX_CLEANUP_FAILED',
  });
}
