import type { InspectOptions } from 'node:util';
import { formatWithOptions } from 'node:util';

import { checkBoolean, checkOptions } from '@osx/errors';

import { JournalWriter } from '../../journal-writer.ts';
import type { JournalWriterOptions } from '../../journal-writer-options.ts';
import type { LoggerOptions } from '../../logger-options.ts';
import { captureCallSite } from '../call-site.ts';
import type { CallSite } from '../call-site.ts';
import { checkRules } from './checked-rules.ts';
import type { LoggerRules } from './checked-rules.ts';
import { priorityOfName, UNKNOWN_LEVEL } from './level-priority.ts';
import { OWN_THREAD_QUEUE } from './own-thread-queue.ts';

/** Options of consoles that write to the journal. */
export interface JournalConsoleOptions extends Omit<LoggerOptions, 'wellKnownKeys'> {
  /** Whether entries get `CODE_FILE`, `CODE_LINE` and `CODE_FUNC` of the line that calls the console; default: false. */
  callSite?: boolean | undefined;
  /** How objects are shown, as for `new Console`. */
  inspectOptions?: InspectOptions | undefined;
}

/** The methods of a console that write by themselves; the others write by these. */
export const CONSOLE_METHODS = ['debug', 'dir', 'dirxml', 'error', 'info', 'log', 'trace', 'warn'] as const;

/** One of {@link CONSOLE_METHODS}. */
export type ConsoleMethod = (typeof CONSOLE_METHODS)[number];

/** The methods of a console, as they are called. */
export type ConsoleMethods = Record<ConsoleMethod, (...args: unknown[]) => void>;

/** Makes an entry of everything that a console writes, by the method that was called. */
export class ConsoleSink {
  readonly writer: JournalWriter;
  readonly #rules: LoggerRules;
  readonly #inspectOptions: InspectOptions;
  readonly #hasCallSite: boolean;
  #call: { readonly method: ConsoleMethod; readonly site: CallSite | undefined } | undefined;

  constructor(options: JournalConsoleOptions | undefined) {
    const given = checkOptions('options', options);
    const { callSite = false, inspectOptions } = given;
    this.#rules = checkRules(given);
    this.#inspectOptions = checkOptions('options.inspectOptions', inspectOptions);
    this.#hasCallSite = checkBoolean('options.callSite', callSite);
    const { queueLimit = OWN_THREAD_QUEUE.queueLimit, whenFull = OWN_THREAD_QUEUE.whenFull } = given;
    const writerOptions: JournalWriterOptions = { ...given, queueLimit, whenFull, callSite: false };
    this.writer = new JournalWriter(writerOptions);
  }

  /** What `new Console()` is to be told. */
  get consoleOptions(): ConstructorParameters<typeof globalThis.console.Console>[0] {
    // A console takes whatever has a `write`; with errors not ignored it asks for nothing else.
    return {
      stdout: this.#stream('log'),
      stderr: this.#stream('error'),
      ignoreErrors: false,
      colorMode: false,
      inspectOptions: this.#inspectOptions,
    };
  }

  /**
   * Calls a method of a console that writes here.
   *
   * @param below The function that the user called.
   */
  call(console: ConsoleMethods, method: ConsoleMethod, args: unknown[], below: (...args: never[]) => unknown): void {
    const outer = this.#call;
    this.#call = { method, site: this.#hasCallSite ? ownSite(below) : undefined };
    try {
      if (method === 'trace') console.error(this.#traceText(args, below));
      else console[method](...args);
    } finally {
      this.#call = outer;
    }
  }

  #traceText(args: unknown[], below: (...args: never[]) => unknown): string {
    const trace: { name: string; message: string; stack?: string } = {
      name: 'Trace',
      message: formatWithOptions({ ...this.#inspectOptions }, ...args),
    };
    Error.captureStackTrace(trace, below);
    return String(trace.stack);
  }

  #stream(method: ConsoleMethod): NodeJS.WriteStream {
    return { write: (text: string) => this.#send(text, method) } as unknown as NodeJS.WriteStream;
  }

  #send(text: string, writtenBy: ConsoleMethod): boolean {
    const { method = writtenBy, site } = this.#call ?? {};
    const fields = {
      ...Object.fromEntries(this.#rules.fields),
      ...site,
      MESSAGE: text.endsWith('\n') ? text.slice(0, -1) : text,
      PRIORITY: priorityOfName(this.#rules, method) ?? UNKNOWN_LEVEL,
      LEVEL: method,
    };
    this.writer.send(fields).catch(() => {});
    return true;
  }
}

/** Methods that call others do so in Node's own files. */
function ownSite(below: (...args: never[]) => unknown): CallSite | undefined {
  const site = captureCallSite(below);
  return site?.CODE_FILE.startsWith('node:') === true ? undefined : site;
}
