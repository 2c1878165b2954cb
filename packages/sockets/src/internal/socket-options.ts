import { checked, linuxConstants } from '@osx/native-ffi';

import { getsockoptCall, pollCall, setsockoptCall } from './socket-calls.ts';

/** getsockopt(2) at SOL_SOCKET into `value`: 0, or the negative errno. */
export function readOption(fd: number, option: number, value: Buffer): number {
  const length = Buffer.alloc(4);
  length.writeUInt32LE(value.byteLength);
  return getsockoptCall(fd, linuxConstants().SOL_SOCKET, option, value, length);
}

export function getIntOption(fd: number, option: number): number {
  const value = Buffer.alloc(4);
  checked(readOption(fd, option, value), 'getsockopt');
  return value.readInt32LE();
}

/** setsockopt(2) at SOL_SOCKET of an int: 0, or the negative errno. */
export function trySetIntOption(fd: number, option: number, value: number): number {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(value);
  return setsockoptCall(fd, linuxConstants().SOL_SOCKET, option, bytes, bytes.byteLength);
}

export function setIntOption(fd: number, option: number, value: number): void {
  checked(trySetIntOption(fd, option, value), 'setsockopt');
}

/** Which of `events` poll(2) reports now, without waiting. */
export function pollNow(fd: number, events: number): number {
  const pollfd = Buffer.alloc(8);
  pollfd.writeInt32LE(fd, 0);
  pollfd.writeInt16LE(events, 4);
  checked(pollCall(pollfd, 1, 0), 'poll');
  return pollfd.readInt16LE(6);
}
