import { once } from 'node:events';
import { journalStream } from '@osx/journald/pino';
import { pino } from 'pino';
import type { EntrySender } from '../journal-peer.ts';

/** pino with its destinations; the file is beside the socket. */
export const journalLoggers: Readonly<Record<string, (socketPath: string) => EntrySender | Promise<EntrySender>>> = {
  'pino, journalStream': (socketPath) =>
    logged(pino(journalStream({ socketPath, identifier: 'bench', queueLimit: 1_000_000 }))),
  'pino, a file': (socketPath) => logged(pino(pino.destination({ dest: `${socketPath}.log`, sync: false }))),
  'pino, our worker': (socketPath) =>
    inWorker({ target: '@osx/journald/pino', options: { socketPath, identifier: 'bench' } }),
  "pino, pino's file worker": (socketPath) =>
    inWorker({ target: 'pino/file', options: { destination: `${socketPath}.log` } }),
};

async function inWorker(options: pino.TransportSingleOptions): Promise<EntrySender> {
  const transport = pino.transport(options);
  await once(transport, 'ready');
  return logged(pino(transport));
}

function logged(logger: pino.Logger): EntrySender {
  return {
    send: (n) => logger.info({ request: 4711, path: '/var/lib/shop/orders', n }, 'order taken'),
    flush: () =>
      new Promise((resolve, reject) => {
        logger.flush((error) => (error instanceof Error ? reject(error) : resolve(undefined)));
      }),
  };
}
