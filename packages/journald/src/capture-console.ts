import { checkBoolean, checkOptions } from '@osx/errors';

import { patchConsole } from './internal/loggers/console-patch.ts';
import { CONSOLE_METHODS, ConsoleSink } from './internal/loggers/console-sink.ts';
import type { ConsoleMethods, JournalConsoleOptions } from './internal/loggers/console-sink.ts';

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
