import { spawn } from 'node:child_process';
import type { ChildProcess, SpawnOptions } from 'node:child_process';

/** A program that is no fixture of node, and the lines that it prints. Disposing it kills it, and waits. */
export class RunningProgram implements AsyncDisposable {
  readonly child: ChildProcess;
  readonly ended: Promise<number | null>;
  #stdout = '';
  #stderr = '';

  constructor(command: string, args: readonly string[], options: SpawnOptions = {}) {
    this.child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    this.child.stdout?.setEncoding('utf8').on('data', (text: string) => (this.#stdout += text));
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.#stderr += text));
    this.ended = new Promise((resolve, reject) => {
      this.child.once('error', reject).once('close', resolve);
    });
  }

  /** Whole lines of its standard output so far. */
  get lines(): string[] {
    return this.#stdout.split('\n').slice(0, -1);
  }

  get stderr(): string {
    return this.#stderr;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.child.kill('SIGKILL');
    await this.ended;
  }
}
