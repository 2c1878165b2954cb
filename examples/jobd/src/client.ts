import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { createInterface } from 'node:readline';

import type { Job } from './state-file.ts';

/** A connection to a jobd. */
export class JobClient {
  readonly #socket: Socket;
  readonly #unanswered: PromiseWithResolvers<void>[] = [];

  private constructor(socket: Socket) {
    this.#socket = socket;
    createInterface({ input: socket })
      .on('line', (line) => this.#answer(line))
      .on('error', () => {});
    socket.once('close', () => {
      for (const { reject } of this.#unanswered.splice(0)) reject(new Error('the connection ended without an answer'));
    });
  }

  /** @throws Error with code ENOENT or ECONNREFUSED when no jobd listens there. */
  static async connect(path: string): Promise<JobClient> {
    const socket = connect(path);
    await once(socket, 'connect');
    return new JobClient(socket);
  }

  /**
   * Resolves once the job is the daemon's, come what may.
   *
   * @throws Error when it was refused, or nothing is known: then send it again under the same id.
   */
  async submit(job: Job): Promise<void> {
    if (this.#socket.closed || !this.#socket.writable) throw new Error('the connection has ended');
    const answer = Promise.withResolvers<void>();
    this.#unanswered.push(answer);
    this.#socket.write(`${JSON.stringify(job)}\n`);
    await answer.promise;
  }

  close(): void {
    this.#socket.end();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #answer(line: string): void {
    // The last line of a daemon that was killed may be cut short; that is no answer.
    if (!line.endsWith('}')) return;
    const { refused } = JSON.parse(line) as { refused?: string };
    const answer = this.#unanswered.shift();
    if (refused === undefined) answer?.resolve();
    else answer?.reject(new Error(refused));
  }
}
