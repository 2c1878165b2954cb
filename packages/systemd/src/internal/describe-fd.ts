import { fstatSync } from 'node:fs';
import type { Stats } from 'node:fs';

import { withSystemErrors } from '@osx/errors';
import { linuxConstants } from '@osx/native-ffi';

import type { ListenFd, ListenFdFamily, ListenFdKind } from '../listen-fd.ts';
import { boundAddress } from './bound-address.ts';
import { socketOption } from './socket-option.ts';

export type FdDescription = Pick<ListenFd, 'kind' | 'family' | 'isListening' | 'address'>;

/** @throws {SystemError} `EBADF`. */
export function describeFd(fd: number): FdDescription {
  const stats = withSystemErrors(() => fstatSync(fd));
  if (!stats.isSocket()) return { kind: kindOfFile(stats), family: null, isListening: false, address: null };
  const { SO_DOMAIN, SO_TYPE, SO_ACCEPTCONN } = linuxConstants();
  const family = familyOf(socketOption(fd, SO_DOMAIN));
  return {
    kind: kindOfSocket(socketOption(fd, SO_TYPE)),
    family,
    isListening: socketOption(fd, SO_ACCEPTCONN) !== 0,
    address: family === 'other' ? null : boundAddress(fd, family),
  };
}

function kindOfFile(stats: Stats): ListenFdKind {
  if (stats.isFIFO()) return 'fifo';
  if (stats.isFile()) return 'file';
  if (stats.isDirectory()) return 'directory';
  if (stats.isCharacterDevice()) return 'character';
  return stats.isBlockDevice() ? 'block' : 'other';
}

function kindOfSocket(type: number): ListenFdKind {
  const { SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET } = linuxConstants();
  const kinds = new Map<number, ListenFdKind>([
    [SOCK_STREAM, 'stream'],
    [SOCK_DGRAM, 'datagram'],
    [SOCK_SEQPACKET, 'seqpacket'],
  ]);
  return kinds.get(type) ?? 'raw';
}

function familyOf(domain: number): ListenFdFamily {
  const { AF_UNIX, AF_INET, AF_INET6 } = linuxConstants();
  const families = new Map<number, ListenFdFamily>([
    [AF_UNIX, 'unix'],
    [AF_INET, 'inet'],
    [AF_INET6, 'inet6'],
  ]);
  return families.get(domain) ?? 'other';
}
