import { patchConsole } from './internal/loggers/console-patch.ts';
import { CONSOLE_METHODS, ConsoleSink } from './internal/loggers/console-sink.ts';
import type { ConsoleMethods, JournalConsoleOptions } from './internal/loggers/console-sink.ts';
import { extendLate, NotFoundYet } from './internal/loggers/late-base.ts';

export type { JournalConsoleOptions } from './internal/loggers/console-sink.ts';

type ConsoleClass = typeof globalThis.console.Console;

/**
 * A console whose every call is an entry of the journal.
 *
 * It is Node's own Console, and formats as that does; the colours are left out. `console.log('a\nb')` is one entry. `log`, `info`,
 * `dir` and `table` have priority 6, `error` 3, `warn` and `assert` 4, `debug` and `trace` 7; `LEVEL` is the method.
 *
 * **Platform** as {@link JournalWriter}.
 *
 * @param options See {@link JournalConsoleOptions}.
 * @throws {TypeError|RangeError} on a bad option.
 * @example
 * ```ts
 * import { JournalConsole } from '@osx/journald/console';
 *
 * await using journal = new JournalConsole({ identifier: 'shop' });
 * journal.warn('only %d left', 3);
 * ```
 * @see https://nodejs.org/api/console.html
 */
export class JournalConsole extends (NotFoundYet as ConsoleClass) implements AsyncDisposable {
  readonly #sink: ConsoleSink;

  constructor(options?: JournalConsoleOptions) {
    extendLate(JournalConsole, () => process.getBuiltinModule('node:console').Console);
    const sink = new ConsoleSink(options);
    super(sink.consoleOptions);
    this.#sink = sink;
    const methods = Object.fromEntries(CONSOLE_METHODS.map((name) => [name, this[name]])) as unknown as ConsoleMethods;
    for (const method of CONSOLE_METHODS)
      patchConsole(this, method, (_patch, args, self) => sink.call(methods, method, args, self));
  }

  /** Entries that were lost, see `dropped` of JournalWriter. */
  get dropped(): number {
    return this.#sink.writer.dropped;
  }

  /** Resolves once journald has what was logged before. */
  flush(): Promise<void> {
    return this.#sink.writer.flush();
  }

  /** Hands over what is queued, for a second at most, and closes the socket. What is logged later is nowhere. */
  close(): Promise<void> {
    return this.#sink.writer.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}
