import { SystemError, UnsupportedError } from '@osx/errors';
import { Fd } from '@osx/fds';
import { checked, linuxConstants, ownByNode } from '@osx/native-ffi';

import type { Credentials } from '../credentials.ts';
import type { UnixAddress } from '../unix-address.ts';
import { ENOPROTOOPT, ENOTCONN } from './errno-numbers.ts';
import { decodeAddress } from './socket-address.ts';
import { getpeernameCall, getsocknameCall } from './socket-calls.ts';
import { readOption } from './socket-options.ts';
import { ucred } from './structs.ts';

/** <asm-generic/socket.h> of Linux 6.5; older headers lack it. */
const SO_PEERPIDFD = 77;
const NO_ID = 0xffff_ffff;

export function peerCredentials(fd: number): Credentials {
  const bytes = Buffer.alloc(ucred.size());
  checked(readOption(fd, linuxConstants().SO_PEERCRED, bytes), 'getsockopt');
  const credentials = ucred.unpack(bytes);
  if (credentials.pid === 0 && credentials.uid === NO_ID) {
    throw new SystemError({ code: 'ENOTCONN', syscall: 'getsockopt' });
  }
  return credentials;
}

export function peerPidfd(fd: number): Fd {
  const bytes = Buffer.alloc(4);
  const result = readOption(fd, SO_PEERPIDFD, bytes);
  if (result === -ENOPROTOOPT) {
    throw new UnsupportedError({ feature: 'SO_PEERPIDFD', requires: 'Linux 6.5', syscall: 'getsockopt' });
  }
  checked(result, 'getsockopt');
  return Fd.adopt(ownByNode(bytes.readInt32LE()), { origin: 'node' });
}

export function localAddress(fd: number): UnixAddress | null {
  return nameOf(fd, getsocknameCall, 'getsockname');
}

/** null also when it is not connected. */
export function peerAddress(fd: number): UnixAddress | null {
  return nameOf(fd, getpeernameCall, 'getpeername');
}

function nameOf(fd: number, call: typeof getsocknameCall, syscall: string): UnixAddress | null {
  const bytes = Buffer.alloc(128);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(bytes.byteLength);
  const result = call(fd, bytes, length);
  if (result === -ENOTCONN) return null;
  checked(result, syscall);
  return decodeAddress(bytes.subarray(0, length.readUInt32LE()));
}
