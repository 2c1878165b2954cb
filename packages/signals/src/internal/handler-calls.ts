import { checkBoolean, checkFunction, checkOptions } from '@osx/errors';

import type { HandlerOptions, SignalHandler } from '../handler-options.ts';

/** Calls one handler: never twice at a time, unless asked to, and with its errors told. */
export class HandlerCalls {
  readonly #handler: SignalHandler;
  readonly #overlap: boolean;
  readonly #onError: HandlerOptions['onError'];
  /** What came during a call, each signal once, in order. */
  readonly #waiting = new Map<string, number>();
  #isAtWork = false;

  constructor(handler: SignalHandler, options: Pick<HandlerOptions, 'overlap' | 'onError'>) {
    this.#handler = handler;
    this.#overlap = options.overlap ?? false;
    this.#onError = options.onError;
  }

  call(name: string, number: number): void {
    if (this.#overlap) void this.#run(name, number);
    else if (this.#isAtWork) this.#waiting.set(name, number);
    else this.#runAndFollow(name, number);
  }

  /** No calls follow the one at work. */
  forgetWaiting(): void {
    this.#waiting.clear();
  }

  #runAndFollow(name: string, number: number): void {
    this.#isAtWork = true;
    const running = this.#run(name, number);
    if (running === undefined) this.#follow();
    else void running.then(() => this.#follow());
  }

  #follow(): void {
    this.#isAtWork = false;
    const [next] = this.#waiting;
    if (next === undefined) return;
    this.#waiting.delete(next[0]);
    this.#runAndFollow(...next);
  }

  /** Nothing when the handler is done when it returns, otherwise a promise that is kept. */
  #run(name: string, number: number): Promise<void> | undefined {
    const handler = this.#handler;
    try {
      const result: unknown = handler(name, number);
      if (!isThenable(result)) return undefined;
      return this.#await(result, name);
    } catch (error) {
      // Told later: what onError does, it may end the process, comes after the other handlers of the signal.
      queueMicrotask(() => this.#tell(error, name));
      return undefined;
    }
  }

  async #await(result: PromiseLike<unknown>, name: string): Promise<void> {
    try {
      await result;
    } catch (error) {
      this.#tell(error, name);
    }
  }

  /** Must not throw: a callback's own failure is unhandled in the same way as the handler's. */
  #tell(error: unknown, name: string): void {
    if (this.#onError === undefined) {
      void leaveUnhandled(error);
      return;
    }
    try {
      this.#onError(error, name);
    } catch (failure) {
      void leaveUnhandled(failure);
    }
  }
}

async function leaveUnhandled(error: unknown): Promise<never> {
  throw error;
}

/** Whether a handler went on after it returned. */
function isThenable(value: unknown): value is PromiseLike<unknown> {
  const mayBe = (typeof value === 'object' && value !== null) || typeof value === 'function';
  return mayBe && typeof (value as { then?: unknown }).then === 'function';
}

/** The parts of the options that concern calls, checked. */
export function checkCallOptions(
  name: string,
  options: HandlerOptions | undefined,
): { overlap: boolean; onError: HandlerOptions['onError'] } {
  const { overlap = false, onError } = checkOptions(name, options) as HandlerOptions;
  if (onError !== undefined) checkFunction(`${name}.onError`, onError);
  return { overlap: checkBoolean(`${name}.overlap`, overlap), onError };
}
