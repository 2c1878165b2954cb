import { checkBoolean, checkOneOf } from '@osx/errors';
import type { Fd } from '@osx/fds';
import { checked, linuxConstants } from '@osx/native-ffi';

import type { Credentials } from './credentials.ts';
import { setBufferBytes } from './internal/buffer-sizes.ts';
import { checkBufferBytes } from './internal/check-options.ts';
import { closedSocket } from './internal/closed-socket.ts';
import { localAddress, peerAddress, peerCredentials, peerPidfd } from './internal/peer.ts';
import { shutdownCall } from './internal/socket-calls.ts';
import { getIntOption, setIntOption } from './internal/socket-options.ts';
import { Transport } from './internal/transport.ts';
import type { SocketType } from './socket-type.ts';
import type { UnixAddress } from './unix-address.ts';

/** The descriptor of a Unix socket: its settings, who is at the other end, and its end. */
export class SocketHandle {
  readonly type: SocketType;
  /** @internal */
  protected readonly transport: Transport;
  readonly #fd: Fd;

  protected constructor(fd: Fd, type: SocketType) {
    this.#fd = fd;
    this.type = type;
    this.transport = new Transport(fd.number, type);
  }

  /**
   * The descriptor's number, lent: do not close it.
   *
   * @throws {SystemError} `EBADF` when it was closed or released.
   */
  get fd(): number {
    return this.openNumber('fd');
  }

  /** Whether it was closed or released. */
  get isClosed(): boolean {
    return this.#fd.isClosed;
  }

  /**
   * Whether each message tells who sent it (SO_PASSCRED), the kernel being witness: pid, uid and gid at the moment of the
   * send. What was sent before this was turned on has pid 0 and the ids of nobody.
   *
   * **Gotchas**: while it is on, a socket that connects or sends without a name is given an abstract one.
   */
  get passCredentials(): boolean {
    return getIntOption(this.openNumber('getsockopt'), linuxConstants().SO_PASSCRED) !== 0;
  }

  set passCredentials(on: boolean) {
    checkBoolean('passCredentials', on);
    setIntOption(this.openNumber('setsockopt'), linuxConstants().SO_PASSCRED, on ? 1 : 0);
  }

  /**
   * How much may be under way from this socket (SO_SNDBUF), and so how long a datagram or packet may be, less 32 bytes.
   *
   * **Gotchas**: the kernel doubles what is set, and without CAP_NET_ADMIN caps it at `net.core.wmem_max`: read it back.
   */
  get sendBufferBytes(): number {
    return getIntOption(this.openNumber('getsockopt'), linuxConstants().SO_SNDBUF);
  }

  set sendBufferBytes(bytes: number) {
    checkBufferBytes('sendBufferBytes', bytes);
    setBufferBytes(this.openNumber('setsockopt'), 'send', bytes);
  }

  /** SO_RCVBUF. Linux keeps it and does not use it for Unix sockets: what waits counts against the sender's buffer. */
  get receiveBufferBytes(): number {
    return getIntOption(this.openNumber('getsockopt'), linuxConstants().SO_RCVBUF);
  }

  set receiveBufferBytes(bytes: number) {
    checkBufferBytes('receiveBufferBytes', bytes);
    setBufferBytes(this.openNumber('setsockopt'), 'receive', bytes);
  }

  /**
   * Who connected, listened or made the pair (SO_PEERCRED), as of that moment: the process may be gone, and its pid another's.
   *
   * @throws {SystemError} `ENOTCONN` when there is no such peer; datagram sockets have one only as a pair.
   */
  peerCredentials(): Credentials {
    return peerCredentials(this.openNumber('getsockopt'));
  }

  /**
   * The process of {@link peerCredentials} as a pidfd (SO_PEERPIDFD), which cannot come to mean another one.
   *
   * **Platform**: Linux 6.5.
   *
   * @returns Close it.
   * @throws {SystemError} `ENODATA` without a peer; `ESRCH` when it is gone, before Linux 6.16; `EMFILE`.
   * @throws {UnsupportedError} `ENOTSUP` on an older Linux.
   */
  peerPidfd(): Fd {
    return peerPidfd(this.openNumber('getsockopt'));
  }

  /** What it is bound to, text where the bytes are UTF-8; null without a name. */
  get localAddress(): UnixAddress | null {
    return localAddress(this.openNumber('getsockname'));
  }

  /** What its peer is bound to; null when the peer has no name, or there is no peer. */
  get peerAddress(): UnixAddress | null {
    return peerAddress(this.openNumber('getpeername'));
  }

  /**
   * Ends one or both directions. The peer of a stream or packet socket then receives the end, or `EPIPE` when it sends.
   *
   * @throws {SystemError} `EBADF` when it was closed or released.
   */
  shutdown(how: 'read' | 'write' | 'both'): void {
    checkOneOf('how', how, ['read', 'write', 'both']);
    const { SHUT_RD, SHUT_WR, SHUT_RDWR } = linuxConstants();
    const direction = { read: SHUT_RD, write: SHUT_WR, both: SHUT_RDWR }[how];
    checked(shutdownCall(this.openNumber('shutdown'), direction), 'shutdown');
  }

  /** From now on what waits keeps the process alive, as at first. */
  ref(): this {
    this.transport.ref();
    return this;
  }

  /** From now on what waits does not keep the process alive. */
  unref(): this {
    this.transport.unref();
    return this;
  }

  /**
   * Gives up the descriptor: it stays open, and the caller closes it. What waits rejects with `EBADF`.
   *
   * **Gotchas**: in a Worker it is another number than `fd` was, one that does not end with the Worker.
   *
   * @returns The number: for `UnixSocket.fromFd` in any thread, for `new net.Socket({ fd })`, or for `closeNative` of
   *   `@osx/fds`.
   * @throws {SystemError} `EBADF` when it was closed or released; `EMFILE` in a Worker.
   */
  release(): number {
    this.openNumber('release');
    const isOfNode = !process.getBuiltinModule('node:worker_threads').isMainThread;
    // Asked for by its number, a duplicate is not Node's, which would close it at the end of the Worker.
    const released = isOfNode ? this.#fd.duplicate({ atLeast: 3 }) : this.#fd;
    this.transport.close();
    const number = released.release();
    if (isOfNode) this.#fd.close();
    return number;
  }

  /**
   * Closes it; the second call does nothing. What waits rejects with `EBADF`.
   *
   * **Gotchas**: the file that a path is bound to stays; unlink it.
   */
  close(): void {
    this.transport.close();
    this.#fd.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return `UnixSocket { ${this.type}, ${this.isClosed ? 'closed' : `fd: ${this.#fd.number}`} }`;
  }

  /** @internal */
  protected openNumber(syscall: string): number {
    if (this.#fd.isClosed) throw closedSocket(syscall);
    return this.#fd.number;
  }
}
