import { closeNative, Fd } from '@osx/fds';
import { linuxConstants, ownByNode } from '@osx/native-ffi';

import type { ReceivedMessage } from '../message.ts';
import type { SocketType } from '../socket-type.ts';
import { controlBytesFor, decodeControl } from './control-messages.ts';
import { messageHeader, SCRATCH_BYTES } from './message-header.ts';
import { decodeAddress } from './socket-address.ts';
import { recvCall, recvmsgCall } from './socket-calls.ts';
import { getIntOption, setIntOption } from './socket-options.ts';

export interface ReceiveRequest {
  readonly type: SocketType;
  /** undefined: a whole message, or of a stream some. */
  readonly maxBytes: number | undefined;
  readonly maxFds: number;
}

/** One receive that does not wait: the message, or the negative errno. */
export function receiveNow(fd: number, { type, maxBytes, maxFds }: ReceiveRequest): ReceivedMessage | number {
  const { MSG_DONTWAIT, MSG_CMSG_CLOEXEC, MSG_TRUNC, MSG_CTRUNC, MSG_PEEK, SO_PASSCRED } = linuxConstants();
  let size = maxBytes ?? SCRATCH_BYTES;
  let mayBeEnd = type === 'stream';
  if (type === 'seqpacket' || (type === 'datagram' && maxBytes === undefined)) {
    const length = recvCall(fd, null, 0, MSG_DONTWAIT | MSG_PEEK | MSG_TRUNC);
    if (length < 0) return length;
    if (maxBytes === undefined) size = Math.max(length, 1);
    mayBeEnd = type === 'seqpacket' && length === 0;
  }

  const passesCredentials = getIntOption(fd, SO_PASSCRED) !== 0;
  // An empty packet and the end both count 0 bytes, but only a packet has a sender.
  const asksForSender = mayBeEnd && type === 'seqpacket' && !passesCredentials;
  if (asksForSender) setIntOption(fd, SO_PASSCRED, 1);
  const header = messageHeader();
  let count: number;
  try {
    header.prepareReceive(size, controlBytesFor(maxFds, passesCredentials || asksForSender));
    count = recvmsgCall(fd, header.bytes, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
  } finally {
    if (asksForSender) setIntOption(fd, SO_PASSCRED, 0);
  }
  if (count < 0) {
    header.release();
    return count;
  }
  const flags = header.receivedFlags();
  const { fds, surplus, credentials } = decodeControl(header.receivedControl(), maxFds);
  const from = decodeAddress(header.receivedName());
  const data = header.takeData(count);
  for (const number of surplus) closeNative(number);
  const owned = ownAll(fds);
  return {
    data,
    fds: owned,
    from,
    ...(credentials !== undefined && passesCredentials && { credentials }),
    isTruncated: (flags & MSG_TRUNC) !== 0,
    areFdsTruncated: (flags & MSG_CTRUNC) !== 0 || surplus.length > 0 || owned.length < fds.length,
    isEndOfStream: mayBeEnd && count === 0 && (type === 'stream' || credentials === undefined),
  };
}

/** What the kernel says for a datagram socket that was shut down for reading is "try again", for ever. */
export function endOfDatagrams(): ReceivedMessage {
  return {
    data: Buffer.alloc(0),
    fds: [],
    from: null,
    isTruncated: false,
    areFdsTruncated: false,
    isEndOfStream: true,
  };
}

/** In a Worker a descriptor needs a number of Node's own; where there is none left, it is closed like those beyond. */
function ownAll(numbers: readonly number[]): Fd[] {
  const owned: Fd[] = [];
  let failed = false;
  for (const number of numbers) {
    if (failed) {
      closeNative(number);
      continue;
    }
    try {
      owned.push(Fd.adopt(ownByNode(number), { origin: 'node' }));
    } catch {
      failed = true;
    }
  }
  return owned;
}
