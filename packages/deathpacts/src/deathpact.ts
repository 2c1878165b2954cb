/**
 * A reason to live that is somebody else's: when it is gone, so is this process.
 *
 * All pacts of this package watch by themselves from their construction on, and do not keep the process alive. `poll()` is
 * for those who made one with `watch: false`, or want to ask at a certain point of their work.
 */
export interface Deathpact extends Disposable {
  /** Dies if it should. */
  poll(): void;
  /** Whether the reason to live is gone. Asks, now, and does nothing. False after `close()`. */
  shouldDie(): boolean;
  /** Dies, whether it should or not: output, `onDie`, `signal`, and after `graceMs` `escalation`. A second call changes nothing. */
  die(): void;
  /** Ends the pact: this process lives on whatever happens. A death that has begun goes on. Idempotent. */
  close(): void;
  [Symbol.dispose](): void;
}

/** How a process dies of its pact; the same for all pacts. */
export interface DeathpactOptions {
  /** What it ends by: a signal that ends a process by default. Default SIGTERM. */
  readonly signal?: number | string | undefined;
  /**
   * How long, in milliseconds, `onDie` and the program's own listeners for `signal` may take; 0 to 2,147,483,647. With 0
   * nobody is waited for: `onDie` is called, and the process ends by `signal`, listened to or not. Default 5,000.
   */
  readonly graceMs?: number | undefined;
  /** What ends it when the grace is over. Default SIGKILL. */
  readonly escalation?: number | string | undefined;
  /** Where one line is written that says why; `'none'`, the default, writes nothing. */
  readonly output?: 'none' | 'stderr' | ((message: string) => void) | undefined;
  /** Last words: called once, before the signal. The promise that it may return is awaited, for `graceMs` at most. */
  readonly onDie?: ((pact: Deathpact) => unknown) | undefined;
  /** Told what `onDie` or `output` threw; without it that goes to standard error. Nothing keeps the process from dying. */
  readonly onError?: ((error: unknown) => void) | undefined;
  /** Watch and die by itself, which is the default; with false only `poll()` does it. */
  readonly watch?: boolean | undefined;
}
