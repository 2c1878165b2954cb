import { checkOptions } from '@osx/errors';

import { checkTargetOptions } from './internal/check-target-options.ts';
import { DeliveryQueue } from './internal/delivery-queue.ts';
import type { Delivery } from './internal/delivery-queue.ts';
import { encodeFor } from './internal/encode-for.ts';
import { checkPatience, rejected, waitPatiently } from './internal/patience.ts';
import type { Patience } from './internal/patience.ts';
import type { TargetChoice } from './internal/target-selection.ts';
import type { JournalFields } from './journal-fields.ts';
import type { JournalTargetOptions } from './journal-target-options.ts';

/** Options of {@link sendJournal}. */
export interface SendJournalOptions extends JournalTargetOptions, Patience {}

/**
 * Sends one entry to the journal, and resolves once it is in journald's hands.
 *
 * Entries arrive in the order of the calls. While journald has too much to do it waits, in the event loop and without a
 * thread; who is not there at all is an error at once.
 *
 * **Platform** Linux with systemd; elsewhere, and where no journal runs, see `fallback` of {@link JournalTargetOptions}.
 * Entries of more than about 200 kB need the optional package `@osx/linux`.
 *
 * **Gotchas** For more than now and then take a {@link JournalWriter}: it has a socket that stays open, and a queue for
 * the time in which journald is away. What journald has in its hands is lost only when it is killed without systemd to keep
 * its socket. The journal keeps a value that a field has twice only once.
 *
 * @param fields See {@link JournalFields}.
 * @param options See {@link SendJournalOptions}.
 * @throws {TypeError|RangeError} as {@link encodeJournalEntry}, before anything is sent.
 * @throws {SystemError} ENOENT: no journal socket. ECONNREFUSED: a socket, but no journald behind it. EACCES. ETIMEDOUT.
 * @throws {UnsupportedError} An entry larger than a datagram, without `@osx/linux`; no unix sockets here.
 * @example
 * ```ts
 * import { sendJournal } from '@osx/journald';
 *
 * await sendJournal({ MESSAGE: 'the disk is nearly full', PRIORITY: 'warning', MOUNT_POINT: '/var', FREE_BYTES: 7_340_032 });
 * ```
 * @see https://systemd.io/JOURNAL_NATIVE_PROTOCOL/
 */
export function sendJournal(fields: JournalFields, options?: SendJournalOptions): Promise<void> {
  try {
    const given = checkOptions('options', options);
    const target = checkTargetOptions(given);
    const patience = checkPatience(given);
    const bytes = encodeFor(target, fields, sendJournal);
    return send(bytes, target.choice, patience);
  } catch (error) {
    return rejected(error);
  }
}

interface Place {
  readonly queue: DeliveryQueue;
  users: number;
}

/** Calls to the same place share a socket while any of them is under way. */
const places = new Map<string, Place>();

function send(bytes: Buffer, choice: TargetChoice, patience: Patience): Promise<void> {
  return waitPatiently(patience, (done) => {
    const key = JSON.stringify([pathKey(choice.socketPath), choice.fallback && pathKey(choice.fallback.syslogPath)]);
    const place = places.get(key) ?? { queue: new DeliveryQueue(choice), users: 0 };
    places.set(key, place);
    place.users += 1;
    place.queue.hold();
    const leave = (): void => {
      place.queue.release();
      place.users -= 1;
      if (place.users > 0) return;
      place.queue.close();
      places.delete(key);
    };
    const item: Delivery = {
      bytes,
      isImpatient: true,
      sequence: 0,
      settle(error) {
        leave();
        done(error);
      },
    };
    place.queue.push(item);
    return () => {
      place.queue.remove(item);
      leave();
    };
  });
}

function pathKey(path: string | Buffer): string {
  return typeof path === 'string' ? path : `bytes ${path.toString('hex')}`;
}
