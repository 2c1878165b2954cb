import type { AddressInfo } from 'node:net';

import type { Fd } from '@osx/fds';
import type { UnixAddress } from '@osx/sockets';

/** A socket by its type; anything else by what it is, `other` being anonymous files such as an eventfd or a pidfd. */
export type ListenFdKind =
  | 'stream'
  | 'datagram'
  | 'seqpacket'
  | 'raw'
  | 'fifo'
  | 'file'
  | 'directory'
  | 'character'
  | 'block'
  | 'other';

/** Of a socket; `other` is netlink, vsock and the rest. */
export type ListenFdFamily = 'unix' | 'inet' | 'inet6' | 'other';

/** A descriptor that the manager handed over. */
export interface ListenFd {
  /** The caller's, close-on-exec. `fd.release()` gives the number to `server.listen({ fd })`. */
  readonly fd: Fd;
  /** As `FileDescriptorName=` or `FDNAME` has it; `unknown` when the manager gave no names. */
  readonly name: string;
  readonly kind: ListenFdKind;
  /** null for what is no socket. */
  readonly family: ListenFdFamily | null;
  /** Whether connections may be accepted from it: not for `Accept=yes`, where it is the connection. */
  readonly isListening: boolean;
  /** What it is bound to; null for what is no socket, has no name, or is of another family. */
  readonly address: UnixAddress | AddressInfo | null;
}
