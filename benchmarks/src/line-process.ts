import { spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';

/** A child that is spoken to in lines; it is killed, by its own pid, when disposed of. */
export class LineProcess {
  readonly #child: ChildProcessByStdio<Writable, Readable, null>;
  readonly #lines: AsyncIterator<string>;

  private constructor(command: string, args: readonly string[]) {
    this.#child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#child.stdin.on('error', () => {});
    this.#lines = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
  }

  /** Starts it and waits for its line `ready`. */
  static async start(command: string, args: readonly string[]): Promise<LineProcess> {
    const child = new LineProcess(command, args);
    await child.expect('ready');
    return child;
  }

  get pid(): number {
    if (this.#child.pid === undefined) throw new Error('it did not start');
    return this.#child.pid;
  }

  /** How it ended, as its parent sees it: `SIGTERM`, or `exit 1`. */
  async ended(): Promise<string> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) await once(this.#child, 'exit');
    return this.#child.signalCode ?? `exit ${this.#child.exitCode}`;
  }

  send(line: string): void {
    this.#child.stdin.write(`${line}\n`);
  }

  /** The rest of the next line, which must begin with the word. */
  async expect(word: string): Promise<string> {
    const next = await this.#lines.next();
    if (next.done === true) throw new Error(`${this.#child.spawnargs.join(' ')} ended instead of saying '${word}'`);
    const { value } = next;
    if (!value.startsWith(word))
      throw new Error(`${this.#child.spawnargs.join(' ')} said '${value}' instead of '${word}'`);
    return value.slice(word.length).trim();
  }

  /** Sends a signal and gives the time just before. */
  kill(signal: NodeJS.Signals = 'SIGKILL'): bigint {
    const before = process.hrtime.bigint();
    this.#child.kill(signal);
    return before;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exited = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await exited;
  }
}
