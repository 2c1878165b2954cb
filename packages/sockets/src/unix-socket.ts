import { checkFd, checkInteger, checkOneOf, hasCode, SystemError } from '@osx/errors';
import { Fd, setCloseOnExec } from '@osx/fds';
import { checked, linuxConstants, ownByNode } from '@osx/native-ffi';

import { checkReceive, checkSocketOptions, checkWait } from './internal/check-options.ts';
import { assertSupported, openSocket, openSocketPair, SOCKET_TYPES, typeNumber } from './internal/open-socket.ts';
import { checkMessage } from './internal/outgoing-message.ts';
import { autobindAddress, checkAddress } from './internal/socket-address.ts';
import { bindCall, listenCall } from './internal/socket-calls.ts';
import { getIntOption } from './internal/socket-options.ts';
import type {
  MessageData,
  ReceivedMessage,
  ReceiveOptions,
  SendOptions,
  TryReceiveOptions,
  TrySendOptions,
} from './message.ts';
import { SocketHandle } from './socket-handle.ts';
import type { SocketType } from './socket-type.ts';
import type { UnixAddress } from './unix-address.ts';
import type { UnixSocketOptions } from './unix-socket-options.ts';
import type { WaitOptions } from './wait-options.ts';

/**
 * A Unix socket (AF_UNIX) that sends and receives messages with descriptors and credentials, and waits in the event loop.
 *
 * Nothing blocks, whatever mode the descriptor is in, and sends raise no SIGPIPE. Sends are kept in order, to the peer and to
 * each address; so are receives. What waits takes no thread.
 *
 * **Platform**: Linux on x64 and arm64; `UnsupportedError` elsewhere. Abstract names, credentials and `seqpacket` are Linux's.
 *
 * **Gotchas**: a socket that is collected without `close()` leaves its number open. It belongs to its thread: hand it
 * over with `release()` and `fromFd()`.
 *
 * @example
 * ```ts
 * import { open } from '@osx/fds';
 * import { UnixSocket } from '@osx/sockets';
 *
 * const [parent, child] = UnixSocket.pair('seqpacket');
 * using ours = parent, theirs = child, file = open('/etc/hosts');
 * await ours.send('read this', { fds: [file] });
 *
 * const { data, fds } = await theirs.receive({ maxFds: 1, timeoutMs: 1_000 });
 * console.log(data.toString(), fds.length); // read this 1
 * for (const fd of fds) fd.close();
 * ```
 * @see https://man7.org/linux/man-pages/man7/unix.7.html
 */
export class UnixSocket extends SocketHandle {
  /**
   * A new socket, neither bound nor connected.
   *
   * @returns Close it.
   * @throws {SystemError} `EMFILE`, `ENFILE`.
   * @throws {UnsupportedError} `ENOTSUP` on other systems than Linux.
   * @see https://man7.org/linux/man-pages/man2/socket.2.html
   */
  static open(type: SocketType, options: UnixSocketOptions = {}): UnixSocket {
    checkOneOf('type', type, SOCKET_TYPES);
    const settings = checkSocketOptions(options);
    assertSupported();
    return UnixSocket.#owning(openSocket(type), type).#set(settings);
  }

  /**
   * Two sockets, connected to each other.
   *
   * @returns Close both.
   * @throws As {@link open}.
   * @see https://man7.org/linux/man-pages/man2/socketpair.2.html
   */
  static pair(type: SocketType, options: UnixSocketOptions = {}): [UnixSocket, UnixSocket] {
    checkOneOf('type', type, SOCKET_TYPES);
    const settings = checkSocketOptions(options);
    assertSupported();
    const [first, second] = openSocketPair(type);
    const ends: [UnixSocket, UnixSocket] = [UnixSocket.#owning(first, type), UnixSocket.#owning(second, type)];
    for (const end of ends) end.#set(settings);
    return ends;
  }

  /**
   * Takes over a Unix socket that is open already: inherited, received, or released elsewhere. It becomes close-on-exec.
   *
   * **Gotchas**: in a Worker it moves to another number, so that Node closes it when the Worker ends.
   *
   * @param fd A number that nobody else closes, or an `Fd`, which gives it up. Refused as no Unix socket, it stays the
   *   caller's.
   * @throws {SystemError} `EBADF`; `ENOTSOCK`; `EAFNOSUPPORT` for a socket of another family; `EMFILE` in a Worker.
   */
  static fromFd(fd: number | Fd): UnixSocket {
    assertSupported();
    const isOwner = typeof fd === 'object' && fd !== null;
    const number = isOwner ? fd.number : checkFd('fd', fd);
    const { AF_UNIX, SO_DOMAIN, SO_TYPE } = linuxConstants();
    if (getIntOption(number, SO_DOMAIN) !== AF_UNIX) {
      throw new SystemError({ code: 'EAFNOSUPPORT', syscall: 'getsockopt' });
    }
    const socketType = getIntOption(number, SO_TYPE);
    const type = SOCKET_TYPES.find((candidate) => typeNumber(candidate) === socketType) as SocketType;
    setCloseOnExec(number, true);
    if (isOwner) fd.release();
    return UnixSocket.#owning(isOwner && fd.origin === 'node' ? number : ownByNode(number), type);
  }

  static #owning(number: number, type: SocketType): UnixSocket {
    return new UnixSocket(Fd.adopt(number, { origin: 'node' }), type);
  }

  /**
   * Gives it a name, at which others find it.
   *
   * **Gotchas**: a path is created as a file with the permissions that the umask leaves, is never replaced, and stays when
   * the socket is closed. `'auto'` is no path but asks for a free abstract name, read from `localAddress`; write
   * `./auto` for the file.
   *
   * @throws {RangeError} when the address is longer than 107 bytes, before any system call.
   * @throws {SystemError} `EADDRINUSE`, `EACCES`, `ENOENT`, `EROFS`; `EINVAL` when it has a name.
   * @see https://man7.org/linux/man-pages/man2/bind.2.html
   */
  bind(address: UnixAddress): void {
    const { bytes, path } = address === 'auto' ? autobindAddress() : checkAddress('address', address);
    checked(bindCall(this.openNumber('bind'), bytes, bytes.byteLength), 'bind', { path });
  }

  /**
   * Lets others connect to it; for streams and packets.
   *
   * @param backlog How many may wait to be accepted; 4,096 by default. The system caps it (`net.core.somaxconn`).
   * @throws {SystemError} `EINVAL` without a name; `EOPNOTSUPP` for datagrams.
   */
  listen(backlog: number = linuxConstants().SOMAXCONN): void {
    checkInteger('backlog', backlog, { min: 0, max: 2 ** 31 - 1 });
    checked(listenCall(this.openNumber('listen'), backlog), 'listen');
  }

  /**
   * Connects; a datagram socket then sends to this address by default, and receives from it alone.
   *
   * **Gotchas**: while the listener's backlog is full it asks again every 1 to 50 ms, because the kernel tells nobody when
   * there is room. A connected datagram socket stays with the socket that had the name, and fails when that one is gone: a
   * client of a daemon that may restart sends with `to` instead.
   *
   * @throws {SystemError} `ENOENT`; `ECONNREFUSED` when nobody listens; `EACCES`; `EPROTOTYPE` for another type; `EISCONN`;
   *   `ETIMEDOUT`; `EBADF` closed, also while waiting.
   * @see https://man7.org/linux/man-pages/man2/connect.2.html
   */
  async connect(address: UnixAddress, options: WaitOptions = {}): Promise<void> {
    const to = checkAddress('address', address);
    const wait = checkWait(options);
    this.openNumber('connect');
    await this.transport.connect(to, wait);
  }

  /**
   * A connection that waits to be accepted, or null.
   *
   * **Gotchas**: sets O_NONBLOCK on the listener, which those who share it share.
   *
   * @returns Close it.
   * @throws {SystemError} `EMFILE`, `ENFILE`: the connection goes on waiting; `EINVAL` when it does not listen.
   */
  tryAccept(): UnixSocket | null {
    this.openNumber('accept4');
    const number = this.transport.tryAccept();
    return number === null ? null : UnixSocket.#owning(number, this.type);
  }

  /**
   * The next connection, waiting for it. It has the listener's `passCredentials`.
   *
   * @returns Close it.
   * @throws As {@link tryAccept}; `ETIMEDOUT`; `EBADF` closed, also while waiting.
   */
  async accept(options: WaitOptions = {}): Promise<UnixSocket> {
    const wait = checkWait(options);
    this.openNumber('accept4');
    return UnixSocket.#owning(await this.transport.accept(wait), this.type);
  }

  /**
   * Sends at once or not at all; of a stream perhaps a part.
   *
   * @param data One message; the parts of an array are joined.
   * @returns Bytes sent; null when it would wait: for the kernel (`EAGAIN`), or for a `send` that waits.
   * @throws {TypeError|RangeError} on a bad argument, before any system call; also descriptors without data on a stream,
   *   which would vanish, and more than 253.
   * @throws {SystemError} `ECONNREFUSED`, `ENOENT`: nobody there; `EPIPE`; `EMSGSIZE`: longer than `sendBufferBytes` allows;
   *   `ENOBUFS`; `ENOTCONN`, `EDESTADDRREQ`; `EPERM`: false credentials, or a receiver connected to another; `EACCES`;
   *   `ETOOMANYREFS`: too many descriptors under way; `EBADF`.
   * @see https://man7.org/linux/man-pages/man2/sendmsg.2.html
   */
  trySend(data: MessageData | readonly MessageData[], options: TrySendOptions = {}): number | null {
    const message = checkMessage(data, options, this.type);
    this.openNumber('sendmsg');
    return this.transport.trySend(message);
  }

  /**
   * Sends, waiting for room; all of it.
   *
   * **Gotchas**: after a rejection a part may have been sent on a stream; a datagram or packet was not sent. Data are not
   * copied: do not change bytes before the end.
   *
   * @returns Bytes sent.
   * @throws As {@link trySend}; `ETIMEDOUT`; `EBADF` closed, also while waiting; `EMFILE`: a wait takes descriptors too.
   */
  async send(data: MessageData | readonly MessageData[], options: SendOptions = {}): Promise<number> {
    const message = checkMessage(data, options, this.type);
    const wait = checkWait(options);
    this.openNumber('sendmsg');
    return await this.transport.send(message, wait);
  }

  /**
   * Takes a message that is there, or of a stream what is there.
   *
   * **Gotchas**: of a stream, descriptors are a barrier: one receive takes those of one send at most, and nothing that was sent
   * after them; but what was sent before may come in front, in the same data.
   *
   * @returns The message, whose descriptors are to be closed; null when there is none, or a `receive` waits for it.
   * @throws {SystemError} `ECONNRESET`: the peer closed without taking all; `ENOTCONN`, `EINVAL`; `EBADF`.
   * @see https://man7.org/linux/man-pages/man2/recvmsg.2.html
   */
  tryReceive(options: TryReceiveOptions = {}): ReceivedMessage | null {
    const request = checkReceive(options, this.type);
    this.openNumber('recvmsg');
    return this.transport.tryReceive(request);
  }

  /**
   * The next message, waiting for it. Aborted, timed out or closed, it has taken nothing.
   *
   * @returns The message, whose descriptors are to be closed.
   * @throws As {@link tryReceive}; `ETIMEDOUT`; `EBADF` closed, also while waiting; `EMFILE`: a wait takes descriptors too.
   */
  async receive(options: ReceiveOptions = {}): Promise<ReceivedMessage> {
    const request = checkReceive(options, this.type);
    const wait = checkWait(options);
    this.openNumber('recvmsg');
    return await this.transport.receive(request, wait);
  }

  /**
   * Messages as they come, to the end of the stream or the socket's `close()`. Leaving the loop leaves the socket open.
   *
   * @param options `timeoutMs` holds for each message.
   * @throws As {@link receive}.
   */
  async *messages(options: ReceiveOptions = {}): AsyncGenerator<ReceivedMessage, void, undefined> {
    for (;;) {
      let message: ReceivedMessage;
      try {
        message = await this.receive(options);
      } catch (error) {
        if (this.isClosed && hasCode(error, 'EBADF')) return;
        throw error;
      }
      if (message.isEndOfStream) return;
      yield message;
    }
  }

  /** {@link messages} with its defaults. */
  [Symbol.asyncIterator](): AsyncGenerator<ReceivedMessage, void, undefined> {
    return this.messages();
  }

  #set({ passCredentials, sendBufferBytes, receiveBufferBytes }: UnixSocketOptions): this {
    if (passCredentials !== undefined) this.passCredentials = passCredentials;
    if (sendBufferBytes !== undefined) this.sendBufferBytes = sendBufferBytes;
    if (receiveBufferBytes !== undefined) this.receiveBufferBytes = receiveBufferBytes;
    return this;
  }
}
