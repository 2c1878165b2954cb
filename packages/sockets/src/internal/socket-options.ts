import { checked, linuxConstants } from '@osx/native-ffi';

import { getsockoptCall, pollCall, setsockoptCall } from './socket-calls.ts';

/** Of one synchronous call each. */
const int = Buffer.alloc(4);
const length = Buffer.alloc(4);
const pollfd = Buffer.alloc(8);

/** getsockopt(2) at SOL_SOCKET into `value`: 0, or the negative errno. */
export function readOption(fd: number, option: number, value: Buffer): number {
  length.writeUInt32LE(value.byteLength);
  return getsockoptCall(fd, linuxConstants().SOL_SOCKET, option, value, length);
}

export function getIntOption(fd: number, option: number): number {
  checked(readOption(fd, option, int), 'getsockopt');
  return int.readInt32LE();
}

/** setsockopt(2) at SOL_SOCKET of an int: 0, or the negative errno. */
export function trySetIntOption(fd: number, option: number, value: number): number {
  int.writeInt32LE(value);
  return setsockoptCall(fd, linuxConstants().SOL_SOCKET, option, int, int.byteLength);
}

export function setIntOption(fd: number, option: number, value: number): void {
  checked(trySetIntOption(fd, option, value), 'setsockopt');
}

/** Which of `events` poll(2) reports now, without waiting. */
export function pollNow(fd: number, events: number): number {
  pollfd.writeInt32LE(fd, 0);
  pollfd.writeInt16LE(events, 4);
  checked(pollCall(pollfd, 1, 0), 'poll');
  return pollfd.readInt16LE(6);
}
