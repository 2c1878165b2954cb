import { checkFd, checkInteger, checkOptions, invalidArgType, invalidArgValue, outOfRange, toBytes } from '@osx/errors';
import type { FdLike } from '@osx/fds';

import type { Credentials } from '../credentials.ts';
import type { MessageData, TrySendOptions } from '../message.ts';
import type { SocketType } from '../socket-type.ts';
import { encodeControl, MOST_FDS } from './control-messages.ts';
import { checkAddress, type SocketAddress } from './socket-address.ts';

/** A message as the kernel takes it. */
export interface OutgoingMessage {
  readonly bytes: Uint8Array;
  readonly to: SocketAddress | undefined;
  /** Control messages, or none. */
  readonly control: Buffer | undefined;
}

const MOST_ID = 2 ** 32 - 2;

export function checkMessage(
  data: MessageData | readonly MessageData[],
  options: TrySendOptions,
  type: SocketType,
): OutgoingMessage {
  const bytes = checkData(data);
  const { to, fds, credentials } = checkOptions('options', options) as TrySendOptions;
  if (to !== undefined && type !== 'datagram') {
    throw invalidArgValue('options.to', `left out for a ${type} socket, which sends to its peer`, to);
  }
  const address = to === undefined ? undefined : checkAddress('options.to', to);
  if (fds === undefined && credentials === undefined) return { bytes, to: address, control: undefined };

  const control = encodeControl(checkFds(fds ?? []), checkCredentials(credentials));
  if (bytes.byteLength === 0 && type === 'stream' && control.byteLength > 0) {
    const expected =
      'at least a byte: a stream carries descriptors and credentials only with data, and drops them else';
    throw invalidArgValue('data', expected, data);
  }
  return { bytes, to: address, control: control.byteLength > 0 ? control : undefined };
}

function checkData(data: MessageData | readonly MessageData[]): Uint8Array {
  if (!Array.isArray(data)) return toBytes('data', data as MessageData);
  const parts = data.map((part, index) => toBytes(`data[${index}]`, part as MessageData));
  return parts.length === 1 ? (parts[0] as Uint8Array) : Buffer.concat(parts);
}

function checkFds(fds: readonly FdLike[]): number[] {
  if (!Array.isArray(fds)) throw invalidArgType('options.fds', 'an Array of descriptors', fds);
  if (fds.length > MOST_FDS) {
    throw outOfRange('options.fds.length', `at most ${MOST_FDS}, what the kernel takes in one message`, fds.length);
  }
  return fds.map((fd: FdLike, index) => {
    const isOwner = typeof fd === 'object' && fd !== null && 'number' in fd;
    return checkFd(`options.fds[${index}]`, isOwner ? fd.number : fd);
  });
}

function checkCredentials(credentials: TrySendOptions['credentials']): Credentials | undefined {
  if (credentials === undefined) return undefined;
  const given = credentials === true ? {} : (checkOptions('options.credentials', credentials) as Partial<Credentials>);
  const { pid = process.pid, uid = process.getuid?.() ?? 0, gid = process.getgid?.() ?? 0 } = given;
  return {
    pid: checkInteger('options.credentials.pid', pid, { min: 1, max: 2 ** 31 - 1 }),
    uid: checkInteger('options.credentials.uid', uid, { min: 0, max: MOST_ID }),
    gid: checkInteger('options.credentials.gid', gid, { min: 0, max: MOST_ID }),
  };
}
