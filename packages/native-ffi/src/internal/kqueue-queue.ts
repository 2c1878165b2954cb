import { closeSync } from 'node:fs';

import { defineCall } from '../call.ts';
import { checked } from '../checked.ts';
import { darwinConstants } from '../constants/select.ts';
import { nonNegativeOrError, nonNegativeOrErrorRetryEintr } from '../decode-return.ts';
import { ownByNode } from '../own-by-node.ts';
import { defineStruct } from '../struct.ts';
import type { Readiness, ReadinessQueue } from './readiness-queue.ts';

const kqueue = defineCall({ name: 'kqueue', returns: 'int', parameters: [], decode: nonNegativeOrError });
const kevent = defineCall({
  name: 'kevent',
  returns: 'int',
  parameters: ['int', 'pointer', 'int', 'pointer', 'int', 'pointer'],
  decode: nonNegativeOrErrorRetryEintr,
});

const KEVENT = {
  size: 32,
  fields: {
    ident: ['u64', 0],
    filter: ['i16', 8],
    flags: ['u16', 10],
    fflags: ['u32', 12],
    data: ['i64', 16],
    udata: ['u64', 24],
  },
} as const;

const keventStruct = defineStruct('kevent', { 'darwin-x64': KEVENT, 'darwin-arm64': KEVENT });

/** struct timespec of zero: ask, do not wait. */
const NO_TIME = new Uint8Array(16);

/** Not run: Darwin. One filter for each direction; end of file and errors are reported by the filter itself (EV_EOF). */
export function kqueueQueue(fd: number): ReadinessQueue {
  const { EVFILT_READ, EVFILT_WRITE, EV_ADD, EV_DELETE } = darwinConstants();
  const queue = ownByNode(checked(kqueue(), 'kqueue'));
  let wanted: Readiness = { readable: false, writable: false };

  const change = (filter: number, flags: number): number =>
    kevent(queue, keventStruct.pack({ ident: BigInt(fd), filter, flags }), 1, null, 0, null);
  const set = (filter: number, was: boolean, is: boolean): void => {
    if (was !== is) checked(change(filter, is ? EV_ADD : EV_DELETE), 'kevent');
  };

  const added = change(EVFILT_READ, EV_ADD);
  if (added < 0) {
    closeSync(queue);
    checked(added, 'kevent');
  }
  change(EVFILT_READ, EV_DELETE);

  return {
    fd: queue,
    want(events) {
      set(EVFILT_READ, wanted.readable, events.readable);
      set(EVFILT_WRITE, wanted.writable, events.writable);
      wanted = events;
    },
    ready() {
      const size = keventStruct.size();
      const events = Buffer.alloc(2 * size);
      const count = Math.max(0, kevent(queue, null, 0, events, 2, NO_TIME));
      const filters = Array.from(
        { length: count },
        (_, index) => keventStruct.unpack(events.subarray(index * size)).filter,
      );
      return { readable: filters.includes(EVFILT_READ), writable: filters.includes(EVFILT_WRITE) };
    },
    close: () => closeSync(queue),
  };
}
