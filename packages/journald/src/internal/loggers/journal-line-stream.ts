import type { Writable } from 'node:stream';

import type { JournalWriter } from '../../journal-writer.ts';
import { LineSplitter } from './line-splitter.ts';
import { pinoConfigOf } from './pino-config.ts';
import { pinoEntry, plainEntry } from './pino-entry.ts';
import type { PinoRules } from './pino-entry.ts';

/** A Writable of lines, each of which becomes an entry: what {@link journalStream} returns. */
export interface JournalStream extends Writable {
  /** Lines that were lost, see `dropped` of {@link JournalWriter}. */
  readonly dropped: number;
  /** Calls back once journald has what was written before. pino's `logger.flush(callback)` comes here. */
  flush(callback?: (error?: Error) => void): void;
}

/** What writes the entries, and when it is full. */
export interface LineStreamTarget {
  readonly writer: JournalWriter;
  /** With so many queued the next line waits; Infinity: it never does. */
  readonly waitAt: number;
}

type StreamClass = new (target: LineStreamTarget, rules: PinoRules) => JournalStream;
type Callback = (error?: Error | null) => void;

let known: StreamClass | undefined;

/** The class, made at first use: `node:stream` costs a millisecond of a program's start. */
export function journalLineStreamClass(): StreamClass {
  known ??= defineClass(process.getBuiltinModule('node:stream').Writable);
  return known;
}

function defineClass(Base: typeof Writable): StreamClass {
  return class JournalLineStream extends Base implements JournalStream {
    readonly #writer: JournalWriter;
    readonly #waitAt: number;
    readonly #lines = new LineSplitter();
    #rules: PinoRules;

    constructor({ writer, waitAt }: LineStreamTarget, rules: PinoRules) {
      super({ decodeStrings: false });
      this.#writer = writer;
      this.#waitAt = waitAt;
      this.#rules = rules;
      this.on('message', (message: unknown) => this.#configure(message));
    }

    get dropped(): number {
      return this.#writer.dropped;
    }

    flush(callback?: (error?: Error) => void): void {
      this.#writer.flush().then(
        () => callback?.(),
        (error: unknown) => callback?.(error as Error),
      );
    }

    override _write(chunk: string | Buffer, encoding: string, callback: Callback): void {
      const isText = typeof chunk === 'string' && /^utf-?8$/i.test(encoding);
      const data = typeof chunk === 'string' && !isText ? Buffer.from(chunk, encoding as BufferEncoding) : chunk;
      this.#sendAll(this.#lines.push(data), 0, callback);
    }

    override _final(callback: Callback): void {
      this.#sendAll(this.#lines.end(), 0, () => void this.#writer.close().then(() => callback()));
    }

    override _destroy(error: Error | null, callback: Callback): void {
      void this.#writer.close().then(() => callback(error));
    }

    #configure(message: unknown): void {
      const config = pinoConfigOf(message);
      if (config === undefined) return;
      const { messageKey, errorKey, labels } = this.#rules;
      this.#rules = {
        ...this.#rules,
        messageKey: config.messageKey ?? messageKey,
        errorKey: config.errorKey ?? errorKey,
        labels: config.levels?.labels ?? labels,
      };
    }

    #sendAll(lines: readonly (string | Buffer)[], from: number, callback: Callback): void {
      for (let index = from; index < lines.length; index += 1) {
        const sent = this.#send(lines[index] as string | Buffer);
        if (this.#writer.queued < this.#waitAt) continue;
        void sent.then(() => this.#sendAll(lines, index + 1, callback));
        return;
      }
      callback();
    }

    /** Never rejects: a lost line is counted, and must not end the stream for those after it. */
    #send(line: string | Buffer): Promise<void> {
      return this.#writer.send(pinoEntry(line, this.#rules)).catch((error: unknown) => this.#sendPlain(line, error));
    }

    /** An entry that is refused for its fields is sent without them. */
    #sendPlain(line: string | Buffer, error: unknown): Promise<void> | undefined {
      if (!(error instanceof TypeError || error instanceof RangeError)) return undefined;
      return this.#writer.send(plainEntry(line, this.#rules)).catch(() => {});
    }
  };
}
