import { SystemError } from '@osx/errors';
import { UnixSocket } from '@osx/sockets';

import type { NotifyOptions, NotifySyncOptions } from '../notify-options.ts';
import type { NotifyTarget } from './notify-target.ts';

/** Open only while messages are being sent. All that wait share it, because one socket keeps the order of its messages. */
let shared: { readonly socket: UnixSocket; users: number } | undefined;

/** Sends, waiting for room: false when there is nobody to tell. */
export async function send({ address }: NotifyTarget, message: string, options: NotifyOptions): Promise<boolean> {
  if (address === null) return false;
  const { signal, timeoutMs } = options;
  await withSocket((socket) => socket.send(message, { to: address, ...attached(options), signal, timeoutMs }));
  return true;
}

/** Sends at once: false when there is nobody to tell. */
export function sendNow({ address }: NotifyTarget, message: string, options: NotifySyncOptions): boolean {
  if (address === null) return false;
  const lease = take();
  try {
    const sent = lease.socket.trySend(message, { to: address, ...attached(options) });
    if (sent === null) throw new SystemError({ code: 'EAGAIN', syscall: 'sendmsg' });
    return true;
  } finally {
    giveBack(lease);
  }
}

/**
 * The kernel adds who sent a message for every receiver that asks, as managers do. To state it is only for another's name:
 * in a user namespace without a mapping it fails with EINVAL, where silence succeeds.
 */
function attached({ fds, pid }: NotifySyncOptions): Pick<NotifyOptions, 'fds'> & { credentials?: { pid: number } } {
  return { fds, ...(pid !== undefined && pid !== process.pid && { credentials: { pid } }) };
}

async function withSocket<T>(use: (socket: UnixSocket) => Promise<T>): Promise<T> {
  const lease = take();
  try {
    return await use(lease.socket);
  } finally {
    giveBack(lease);
  }
}

function take(): NonNullable<typeof shared> {
  shared ??= { socket: UnixSocket.open('datagram'), users: 0 };
  shared.users += 1;
  return shared;
}

function giveBack(lease: NonNullable<typeof shared>): void {
  lease.users -= 1;
  if (lease.users > 0) return;
  shared = undefined;
  lease.socket.close();
}
