import { JournalWriter, sendJournal } from '@osx/journald';
import type { EntrySender } from '../journal-peer.ts';

function entry(n: number) {
  return { MESSAGE: `order ${n} taken`, PRIORITY: 6, REQUEST: 4711, PATH_TAKEN: '/var/lib/shop/orders' };
}

/** Ways to send an entry of five fields. */
export const journalSenders: Readonly<Record<string, (socketPath: string) => EntrySender>> = {
  'JournalWriter, awaited': (socketPath) => {
    const writer = new JournalWriter({ socketPath, identifier: 'bench' });
    return { send: (n) => writer.send(entry(n)), flush: () => writer.flush() };
  },
  'JournalWriter, flushed': (socketPath) => {
    const writer = new JournalWriter({
      socketPath,
      identifier: 'bench',
      whenFull: 'drop-oldest',
      queueLimit: 1_000_000,
    });
    return { send: (n) => void writer.send(entry(n)), flush: () => writer.flush() };
  },
  'JournalWriter, drop-oldest': (socketPath) => {
    const writer = new JournalWriter({ socketPath, identifier: 'bench', whenFull: 'drop-oldest' });
    return {
      send: (n) => void writer.send(entry(n)),
      flush: () => writer.flush(),
      get dropped() {
        return writer.dropped;
      },
    };
  },
  sendJournal: (socketPath) => ({
    send: (n) => sendJournal(entry(n), { socketPath, identifier: 'bench' }),
    flush: () => Promise.resolve(),
  }),
  'nothing sent': () => ({ send: (n) => void entry(n), flush: () => Promise.resolve() }),
};
