import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** How a process ended, as its parent sees it. */
export interface End {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A jobd that we started, and what it has said. */
export class JobdProcess {
  readonly child: ChildProcess;
  readonly ended: Promise<End>;
  /** The ids of the jobs that it began to run, in order. */
  readonly ran: string[] = [];
  readonly recorded = new Set<string>();
  /** The pids of its workers. */
  readonly workers: number[] = [];
  /** How many jobs it had begun when it said that it is stopping. */
  ranBeforeStopping = 0;
  readonly #lines: string[] = [];
  readonly #watchers = new Set<() => void>();
  #complaint = '';
  #end: End | undefined;

  constructor(program: string, directory: string, env: NodeJS.ProcessEnv = process.env) {
    this.child = spawn(process.execPath, [program, directory], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    const { stdout, stderr } = this.child;
    stderr?.on('data', (chunk: Buffer) => (this.#complaint += chunk.toString()));
    if (stdout !== null) createInterface({ input: stdout }).on('line', (line) => this.#hear(line));
    this.ended = once(this.child, 'close').then(([code, signal]: (number | NodeJS.Signals | null)[]) => {
      this.#end = { code: code as number | null, signal: signal as NodeJS.Signals | null };
      for (const watcher of this.#watchers) watcher();
      return this.#end;
    });
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  /** What it wrote to its standard output. */
  get lines(): readonly string[] {
    return this.#lines;
  }

  /** What it wrote to its standard error. */
  get complaint(): string {
    return this.#complaint.trim();
  }

  get hasEnded(): boolean {
    return this.#end !== undefined;
  }

  said(line: string): Promise<void> {
    return this.until(() => this.#lines.includes(line), `to say "${line}"`);
  }

  /** @throws Error when it ends first, or after `limitMs`. */
  async until(holds: () => boolean, what: string, limitMs = 30_000): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const fail = (how: string): void =>
      reject(new Error(`waited for jobd ${what}, and it ${how}; it said: ${this.#complaint.trim() || 'nothing'}`));
    const look = (): void => {
      if (holds()) resolve();
      else if (this.#end !== undefined) fail(`ended by ${this.#end.signal ?? `exit code ${this.#end.code}`}`);
    };
    const timer = setTimeout(fail, limitMs, `did not for ${limitMs} ms`);
    this.#watchers.add(look);
    try {
      look();
      await promise;
    } finally {
      clearTimeout(timer);
      this.#watchers.delete(look);
    }
  }

  /** Kills it, if it still runs, and waits for its end. */
  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.ended;
  }

  #hear(line: string): void {
    this.#lines.push(line);
    const [verb, id = ''] = line.split(' ');
    if (verb === 'run') this.ran.push(id);
    if (verb === 'stopping') this.ranBeforeStopping = this.ran.length;
    if (verb === 'recorded') this.recorded.add(id);
    if (verb === 'worker') this.workers.push(Number(id));
    for (const watcher of this.#watchers) watcher();
  }
}
