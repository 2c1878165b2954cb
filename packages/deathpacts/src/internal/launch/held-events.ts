import type { ChildProcess } from 'node:child_process';

type Event = [name: string | symbol, ...values: unknown[]];

/**
 * Keeps the events of a child back until its caller has had the time to listen: a program may have ended before the promise
 * of its start is resolved. An `'error'` while they are kept back is a start that failed.
 */
export class HeldEvents {
  readonly #child: ChildProcess;
  readonly #held: Event[] = [];
  readonly #error = Promise.withResolvers<never>();
  readonly #exit = Promise.withResolvers<void>();

  constructor(child: ChildProcess) {
    this.#child = child;
    this.#error.promise.catch(() => {});
    child.emit = (...event: Event): boolean => {
      if (event[0] === 'error') this.#error.reject(event[1]);
      if (event[0] === 'exit') this.#exit.resolve();
      this.#held.push(event);
      return true;
    };
  }

  /** Rejects with what the child's first `'error'` says. */
  get failed(): Promise<never> {
    return this.#error.promise;
  }

  /** Resolves when the process has ended and is no zombie; at once when there never was one. */
  get ended(): Promise<void> {
    return this.#child.pid === undefined ? Promise.resolve() : this.#exit.promise;
  }

  /** Emits what was kept back, once those who wait for a promise that is resolved now have gone on. */
  release(): void {
    setImmediate(() => {
      // The method of the prototype again.
      delete (this.#child as Partial<ChildProcess>).emit;
      for (const [name, ...values] of this.#held) this.#child.emit(name, ...values);
    });
  }
}

/** Has the child say of itself that it is the program, and not its launcher. */
export function nameAfter(child: ChildProcess, file: string, args: readonly string[]): void {
  Object.assign(child, { spawnfile: file, spawnargs: [...args] });
}
