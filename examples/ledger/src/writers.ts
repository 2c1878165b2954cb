import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const WRITER = fileURLToPath(new URL('writer.ts', import.meta.url));

export interface WriterFigures {
  acknowledged: number;
  kills: number;
  /** Transfers before which another one came first. */
  waits: number;
  longestHandOverMs: number;
  longestUpdateMs: number;
}

/** A crew of writer processes on one ledger, in which the killed are replaced at once. */
export class Writers {
  readonly figures: WriterFigures = { acknowledged: 0, kills: 0, waits: 0, longestHandOverMs: 0, longestUpdateMs: 0 };
  readonly #path: string;
  readonly #mode: 'locked' | 'alone';
  readonly #running = new Set<ChildProcess>();
  /** Those that have done a transfer; killing one that is still starting would show nothing. */
  readonly #working = new Set<ChildProcess>();
  readonly #failures: string[] = [];

  constructor(path: string, count: number, mode: 'locked' | 'alone') {
    this.#path = path;
    this.#mode = mode;
    for (let index = 0; index < count; index++) this.#start();
  }

  /** What writers said that ended by themselves; none should. */
  get failures(): readonly string[] {
    return this.#failures;
  }

  /** Resolves once every writer has done a transfer; what starting costs is no part of the figures. */
  async allWorking(limitMs = 60_000): Promise<void> {
    const limit = performance.now() + limitMs;
    while (this.#working.size < this.#running.size && this.#failures.length === 0) {
      if (performance.now() > limit) throw new Error(`only ${this.#working.size} writers work after ${limitMs} ms`);
      await sleep(10);
    }
    Object.assign(this.figures, { waits: 0, longestHandOverMs: 0, longestUpdateMs: 0 });
  }

  /** Ends a random working writer with SIGKILL, wherever it is in its work, and starts another. */
  async killOne(): Promise<void> {
    const writers = [...this.#working];
    const victim = writers[Math.floor(Math.random() * writers.length)];
    if (victim === undefined) return;
    this.figures.kills++;
    await this.#kill(victim);
    this.#start();
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#running].map(async (writer) => await this.#kill(writer)));
  }

  #start(): void {
    const writer = spawn(process.execPath, [WRITER, this.#path, this.#mode], { stdio: ['ignore', 'pipe', 'pipe'] });
    this.#running.add(writer);
    let complaint = '';
    writer.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString()));
    createInterface(writer.stdout).on('line', (line) => {
      if (this.#record(line)) this.#working.add(writer);
    });
    writer.once('exit', (code, signal) => {
      this.#running.delete(writer);
      this.#working.delete(writer);
      if (signal !== 'SIGKILL')
        this.#failures.push(`a writer ended by itself (${code ?? signal}): ${complaint.trim()}`);
    });
  }

  /** Whether the line is an acknowledgement; a killed writer's last one may be cut short. */
  #record(line: string): boolean {
    if (!/^\d+\.\d{3} \d+\.\d{3} [01]$/.test(line)) return false;
    const [updateMs = 0, handOverMs = 0, waited = 0] = line.split(' ').map(Number);
    this.figures.waits += waited;
    this.figures.acknowledged++;
    this.figures.longestUpdateMs = Math.max(this.figures.longestUpdateMs, updateMs);
    this.figures.longestHandOverMs = Math.max(this.figures.longestHandOverMs, handOverMs);
    return true;
  }

  async #kill(writer: ChildProcess): Promise<void> {
    const closed = once(writer, 'close');
    writer.kill('SIGKILL');
    await closed;
  }
}
