import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { killTree } from './internal/kill-tree.ts';
import { reportChildWarnings } from './internal/report-child-warnings.ts';
import { undoAtExit } from './internal/at-exit.ts';

/** A killed child and its children are gone within milliseconds. */
const GIVE_UP_AFTER_MS = 3_000;

/** How a process ended. */
export interface ProcessEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A running child program that talks in lines. Disposing it kills it, and what it started, and waits for its end. */
export class FixtureProcess {
  readonly child: ChildProcess;
  readonly path: string;
  /** Resolves once the process has ended and its output has been read to the end. */
  readonly exited: Promise<ProcessEnd>;
  readonly #lines: string[] = [];
  readonly #waiting = new Set<() => void>();
  #stderr = '';
  #ended: ProcessEnd | undefined;
  #failure: Error | undefined;

  constructor(child: ChildProcess, path: string, allowNodeWarnings = false) {
    this.child = child;
    this.path = path;
    child.stdin?.on('error', () => {});
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.#stderr += text));
    createInterface({ input: child.stdout as Readable, crlfDelay: Infinity }).on('line', (line) => {
      this.#lines.push(line);
      this.#wake();
    });
    const forget = undoAtExit(() => killTree(child));
    this.exited = new Promise((resolve) => {
      child.once('error', (cause) => {
        this.#failure = new Error(`${path} could not be started`, { cause });
        if (child.pid === undefined) end({ code: null, signal: null });
      });
      const end = (result: ProcessEnd): void => {
        forget();
        this.#ended = result;
        this.#wake();
        if (!allowNodeWarnings) reportChildWarnings(path, this.#stderr);
        resolve(result);
      };
      // The last line reaches readline only after 'close', on the next turn.
      child.once('close', (code, signal) => setImmediate(end, { code, signal }));
    });
  }

  /** The child's pid; with a `prefix`, that of the prefix command. */
  get pid(): number {
    return this.child.pid as number;
  }

  /** What it has printed to standard error so far. */
  get stderr(): string {
    return this.#stderr;
  }

  /** The lines that were printed and not taken yet; taking them empties the queue. */
  takeLines(): string[] {
    return this.#lines.splice(0);
  }

  /**
   * Takes the next line of standard output, waiting for it.
   *
   * @throws Error with its standard error when the process ends first, or after `timeoutMs` (default 45,000).
   */
  async nextLine(options: { timeoutMs?: number } = {}): Promise<string> {
    const { timeoutMs = 45_000 } = options;
    const deadline = performance.now() + timeoutMs;
    for (;;) {
      const line = this.#lines.shift();
      if (line !== undefined) return line;
      if (this.#failure !== undefined) throw this.#failure;
      if (this.#ended !== undefined)
        throw this.#error(`ended (${describeEnd(this.#ended)}) instead of printing a line`);
      if (performance.now() >= deadline) throw this.#error(`printed no line for ${timeoutMs} ms`);
      await this.#change(deadline - performance.now());
    }
  }

  /** Writes a line to its standard input. */
  send(line: string): void {
    (this.child.stdin as Writable).write(`${line}\n`);
  }

  /** Sends it a signal, by its own pid; false when it has ended. */
  kill(signal: NodeJS.Signals = 'SIGKILL'): boolean {
    return this.child.kill(signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    killTree(this.child);
    const late = delay(GIVE_UP_AFTER_MS, 'late' as const, { ref: false });
    if ((await Promise.race([this.exited, late])) !== 'late') return;
    this.child.stdout?.destroy();
    this.child.stderr?.destroy();
    throw this.#error('is gone, but something that it started still holds its output');
  }

  #change(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        this.#waiting.delete(done);
        resolve();
      };
      const timer = setTimeout(done, Math.max(1, milliseconds));
      this.#waiting.add(done);
    });
  }

  #wake(): void {
    for (const done of this.#waiting) done();
  }

  #error(what: string): Error {
    return new Error(`${this.path} (pid ${this.child.pid}) ${what}\nstderr:\n${this.#stderr}`);
  }
}

function describeEnd(end: ProcessEnd): string {
  return end.signal ?? `exit code ${end.code}`;
}
