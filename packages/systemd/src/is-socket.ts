import type { AddressInfo } from 'node:net';

import { checkBoolean, checkInteger, checkOneOf, checkOptions } from '@osx/errors';
import type { FdLike } from '@osx/fds';
import type { UnixAddress } from '@osx/sockets';

import { checkFdLike } from './internal/check-fd-like.ts';
import { describeFd } from './internal/describe-fd.ts';
import { unixAddressKey } from './internal/unix-address-key.ts';
import type { ListenFd, ListenFdFamily } from './listen-fd.ts';

/** What a descriptor should be; whatever is left out may be anything. */
export interface SocketWish {
  kind?: 'stream' | 'datagram' | 'seqpacket' | 'raw' | undefined;
  family?: ListenFdFamily | undefined;
  isListening?: boolean | undefined;
  /** The port of an internet socket. */
  port?: number | undefined;
  /** What a Unix socket is bound to: a path as it was bound, or an abstract name. */
  path?: UnixAddress | undefined;
}

/**
 * Whether a descriptor is a socket of this description (`sd_is_socket`, `sd_is_socket_inet`, `sd_is_socket_unix`).
 *
 * **Platform**: Linux.
 *
 * @throws {SystemError} `EBADF` when it is not open.
 * @example
 * ```ts
 * import { isSocket, listenFds } from '@osx/systemd';
 *
 * const api = listenFds().find(({ fd }) => isSocket(fd, { kind: 'stream', isListening: true, port: 8080 }));
 * ```
 * @see https://www.freedesktop.org/software/systemd/man/latest/sd_is_fifo.html
 */
export function isSocket(fd: FdLike, wish: SocketWish = {}): boolean {
  const { kind, family, isListening, port, path } = checkOptions('wish', wish) as SocketWish;
  if (kind !== undefined) checkOneOf('wish.kind', kind, ['stream', 'datagram', 'seqpacket', 'raw']);
  if (family !== undefined) checkOneOf('wish.family', family, ['unix', 'inet', 'inet6', 'other']);
  if (isListening !== undefined) checkBoolean('wish.isListening', isListening);
  if (port !== undefined) checkInteger('wish.port', port, { min: 0, max: 65_535 });
  const pathKey = path === undefined ? undefined : unixAddressKey('wish.path', path);
  const { address, ...found } = describeFd(checkFdLike(fd));
  if (found.family === null) return false;
  return (
    (kind === undefined || kind === found.kind) &&
    (family === undefined || family === found.family) &&
    (isListening === undefined || isListening === found.isListening) &&
    (port === undefined || (isInternet(address) && address.port === port)) &&
    (pathKey === undefined ||
      (address !== null && !isInternet(address) && unixAddressKey('address', address) === pathKey))
  );
}

function isInternet(address: ListenFd['address']): address is AddressInfo {
  return typeof address === 'object' && address !== null && 'port' in address && 'family' in address;
}
