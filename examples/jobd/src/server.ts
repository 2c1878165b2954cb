import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';

import type { Job } from './state-file.ts';

const LONGEST_LINE = 64 * 1024;

export interface JobServer {
  /** Takes no more jobs, and resolves once every job that was being taken is answered, as far as its client reads. */
  stop(): Promise<void>;
}

/**
 * Takes jobs on a unix socket. A client sends lines `{"id":"...","text":"..."}`, and gets for each, in order,
 * `{"accepted":"ID"}` once `accept` has resolved, or `{"refused":"WHY"}`. A connection that ends without an answer says
 * nothing: the client sends the job again, under the same id.
 *
 * @param path The socket. Only the holder of the pidfile may call: what is there is removed, as left by a killed daemon.
 */
export async function listen(path: string, accept: (job: Job) => Promise<void>): Promise<JobServer> {
  rmSync(path, { force: true });
  const sockets = new Set<Socket>();
  const answers = new Set<Promise<void>>();
  let stopped = false;

  async function converse(socket: Socket): Promise<void> {
    for await (const line of linesOf(socket)) {
      if (stopped) return;
      let sent = Promise.resolve();
      const answer = (async () => {
        const text = await answerTo(line, accept);
        sent = send(socket, text);
      })();
      answers.add(answer);
      await answer;
      answers.delete(answer);
      // Outside `answers`: a client that does not read waits alone.
      await sent;
    }
    socket.end();
  }

  // A client that is done sending still waits for answers.
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    // A client that goes away is no fault of ours.
    socket.on('error', () => {});
    converse(socket).catch(() => socket.destroy());
  });
  server.listen(path);
  await once(server, 'listening');

  return {
    async stop() {
      stopped = true;
      server.close();
      await Promise.all(answers);
      for (const socket of sockets) socket.destroy();
    },
  };
}

async function answerTo(line: string, accept: (job: Job) => Promise<void>): Promise<string> {
  try {
    const job = parseJob(line);
    await accept(job);
    return JSON.stringify({ accepted: job.id });
  } catch (error) {
    return JSON.stringify({ refused: (error as Error).message });
  }
}

function parseJob(line: string): Job {
  const { id, text } = (JSON.parse(line) ?? {}) as Record<string, unknown>;
  if (typeof id !== 'string' || !/^[\w.-]{1,100}$/.test(id)) {
    throw new TypeError('id must be 1 to 100 letters, digits, ".", "_" or "-"');
  }
  if (typeof text !== 'string') throw new TypeError('text must be a string');
  return { id, text };
}

/** Hands the line to the kernel, and resolves once all of it is there, or the client is gone. */
function send(socket: Socket, line: string): Promise<void> {
  return new Promise((resolve) => {
    socket.write(`${line}\n`, () => resolve());
  });
}

async function* linesOf(socket: Socket): AsyncGenerator<string> {
  let rest = '';
  for await (const chunk of socket.setEncoding('utf8') as AsyncIterable<string>) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > LONGEST_LINE) throw new RangeError(`a line of more than ${LONGEST_LINE} characters`);
    yield* lines;
  }
}
