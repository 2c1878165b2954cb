/**
 * The console in the journal.
 *
 * @module
 */
import { checkBoolean, checkOptions } from '@osx/errors';

import { patchConsole } from './internal/loggers/console-patch.ts';
import { CONSOLE_METHODS, ConsoleSink } from './internal/loggers/console-sink.ts';
import type { ConsoleMethods, JournalConsoleOptions } from './internal/loggers/console-sink.ts';
import { extendLate, NotFoundYet } from './internal/loggers/late-base.ts';

export type { JournalConsoleOptions } from './internal/loggers/console-sink.ts';
export type { LoggerOptions } from './logger-options.ts';

type ConsoleClass = typeof globalThis.console.Console;

/** Options of {@link captureConsole}. */
export interface CaptureConsoleOptions extends JournalConsoleOptions {
  /** Default: the global one. */
  console?: Console | undefined;
  /** Whether what was there before is called too; default: false. */
  passThrough?: boolean | undefined;
}

/** What {@link captureConsole} returns. Disposing it puts the methods back and closes the socket. */
export interface ConsoleCapture extends Disposable, AsyncDisposable {
  /** Entries that were lost, see `dropped` of JournalWriter. */
  readonly dropped: number;
  /** Resolves once journald has what was logged before. */
  flush(): Promise<void>;
}

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

/**
 * Sends what a console is told to the journal, until it is disposed: by its methods `log`, `info`, `warn`, `error`,
 * `debug`, `trace`, `dir`, `dirxml`, and those that write by them, such as `table` and `assert`.
 *
 * Entries are those of {@link JournalConsole}. Captures nest and end in any order; each puts back what it found. The queue
 * (100,000 entries, 32 MiB) drops the oldest when it is full, and is handed over at the process's exit.
 *
 * **Platform** as {@link JournalWriter}.
 *
 * **Gotchas** What is written to `process.stdout` and `process.stderr`, by other Consoles too, is not a console's: it goes where it
 * went. Groups do not indent.
 *
 * @param options See {@link CaptureConsoleOptions}.
 * @returns Dispose it; by `await using` to wait until journald has everything.
 * @throws {TypeError|RangeError} on a bad option; nothing is replaced then.
 * @example
 * ```ts
 * import { captureConsole } from '@osx/journald/console';
 *
 * {
 *   await using _capture = captureConsole({ identifier: 'shop' });
 *   console.error('no stock: %o', { order: 4711 });
 * }
 * console.log('on standard output again');
 * ```
 */
export function captureConsole(options?: CaptureConsoleOptions): ConsoleCapture {
  const { console: target = globalThis.console, passThrough = false } = checkOptions('options', options);
  checkBoolean('options.passThrough', passThrough);
  const sink = new ConsoleSink(options);
  const { Console } = process.getBuiltinModule('node:console');
  const journal = new Console(sink.consoleOptions) as ConsoleMethods;
  const patches = CONSOLE_METHODS.map((method) =>
    patchConsole(target, method, (patch, args, self) => {
      sink.call(journal, method, args, self);
      if (passThrough) patch.callPrevious(args);
    }),
  );
  const end = (): Promise<void> => {
    for (const patch of patches) patch.undo();
    return sink.writer.close();
  };
  return {
    get dropped() {
      return sink.writer.dropped;
    },
    flush: () => sink.writer.flush(),
    [Symbol.dispose]: () => void end(),
    [Symbol.asyncDispose]: end,
  };
}
