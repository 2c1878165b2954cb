import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';

/** To another process and back. */
export type Ping = () => Promise<unknown>;

interface PingPong {
  /** Starts the other process, and gives the way there and back. */
  ping(program: string): Promise<Ping>;
  /** What the other process does. */
  pong(): Promise<void>;
}

/** Two processes that wake each other, over and over. */
export const eventPings: Readonly<Record<string, PingPong>> = {
  EventFd: {
    async ping(program) {
      const { EventFd } = await import('@osx/linux/eventfd');
      const there = EventFd.create();
      const back = EventFd.create();
      started(program, 'EventFd', ['pipe', 'ignore', 'inherit', there.fd, back.fd]);
      return () => {
        there.add();
        return back.read();
      };
    },
    async pong() {
      const { EventFd } = await import('@osx/linux/eventfd');
      const there = EventFd.fromFd(3);
      const back = EventFd.fromFd(4);
      for await (const _value of there) back.add();
    },
  },

  'process.send': {
    async ping(program) {
      const child = started(program, 'process.send', ['pipe', 'ignore', 'inherit', 'ipc']);
      return () => {
        const answered = once(child, 'message');
        child.send(1);
        return answered;
      };
    },
    async pong() {
      process.on('message', (message) => process.send?.(message));
    },
  },

  'a pipe each way': {
    async ping(program) {
      const child = started(program, 'a pipe each way', ['pipe', 'pipe', 'inherit']);
      const answers = child.stdout as Readable;
      return () => {
        const answered = once(answers, 'data');
        (child.stdin as Writable).write('x');
        return answered;
      };
    },
    async pong() {
      process.stdin.on('data', (chunk) => process.stdout.write(chunk));
    },
  },
};

/** Its standard input is a pipe from here, whose end it takes for its own. */
function started(
  program: string,
  name: string,
  stdio: ('pipe' | 'ignore' | 'inherit' | 'ipc' | number)[],
): ChildProcess {
  return spawn(process.execPath, [program, 'pong', name], { stdio });
}
