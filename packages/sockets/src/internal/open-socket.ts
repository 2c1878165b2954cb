import { closeSync } from 'node:fs';

import { closeNative } from '@osx/fds';
import { checked, linuxConstants, ownByNode } from '@osx/native-ffi';
import { UnsupportedError } from '@osx/errors';

import type { SocketType } from '../socket-type.ts';
import { socketCall, socketpairCall } from './socket-calls.ts';

export const SOCKET_TYPES: readonly SocketType[] = ['datagram', 'stream', 'seqpacket'];

export function typeNumber(type: SocketType): number {
  const { SOCK_DGRAM, SOCK_STREAM, SOCK_SEQPACKET } = linuxConstants();
  return { datagram: SOCK_DGRAM, stream: SOCK_STREAM, seqpacket: SOCK_SEQPACKET }[type];
}

/** @throws {UnsupportedError} where the layouts of this package are not the system's. */
export function assertSupported(): void {
  if (process.platform === 'linux' && (process.arch === 'x64' || process.arch === 'arm64')) return;
  throw new UnsupportedError({ feature: 'a Unix socket as a descriptor', requires: 'Linux on x64 or arm64' });
}

/** A close-on-exec socket in blocking mode, closed by `fs.closeSync`. */
export function openSocket(type: SocketType): number {
  const { AF_UNIX, SOCK_CLOEXEC } = linuxConstants();
  return ownByNode(checked(socketCall(AF_UNIX, typeNumber(type) | SOCK_CLOEXEC, 0), 'socket'));
}

export function openSocketPair(type: SocketType): [number, number] {
  const { AF_UNIX, SOCK_CLOEXEC } = linuxConstants();
  const ends = Buffer.alloc(8);
  checked(socketpairCall(AF_UNIX, typeNumber(type) | SOCK_CLOEXEC, 0, ends), 'socketpair');
  const second = ends.readInt32LE(4);
  let first: number;
  try {
    first = ownByNode(ends.readInt32LE(0));
  } catch (error) {
    closeNative(second);
    throw error;
  }
  try {
    return [first, ownByNode(second)];
  } catch (error) {
    closeSync(first);
    throw error;
  }
}
