import { checkAbortSignal, checkBoolean, checkInteger, checkOneOf, checkOptions, checkTimeoutMs } from '@osx/errors';
import { hasCode, SystemError } from '@osx/errors';
import { Fd } from '@osx/fds';
import type { AdoptOptions } from '@osx/fds';
import { checked, linuxConstants } from '@osx/native-ffi';

import type { Credentials } from './credentials.ts';
import { setBufferBytes } from './internal/buffer-sizes.ts';
import { closedSocket } from './internal/closed-socket.ts';
import { MOST_FDS } from './internal/control-messages.ts';
import { assertSupported, openSocket, openSocketPair, SOCKET_TYPES, typeNumber } from './internal/open-socket.ts';
import { checkMessage } from './internal/outgoing-message.ts';
import { localAddress, peerAddress, peerCredentials, peerPidfd } from './internal/peer.ts';
import type { ReceiveRequest } from './internal/receive-now.ts';
import { autobindAddress, checkAddress } from './internal/socket-address.ts';
import { bindCall, listenCall, shutdownCall } from './internal/socket-calls.ts';
import { getIntOption, setIntOption } from './internal/socket-options.ts';
import { Transport } from './internal/transport.ts';
import type {
  MessageData,
  ReceivedMessage,
  ReceiveOptions,
  SendOptions,
  TryReceiveOptions,
  TrySendOptions,
} from './message.ts';
import type { SocketType } from './socket-type.ts';
import type { UnixAddress } from './unix-address.ts';
import type { WaitOptions } from './wait-options.ts';

export interface UnixSocketOptions {
  /** As the property of this name. */
  passCredentials?: boolean | undefined;
  /** As the property of this name. */
  sendBufferBytes?: number | undefined;
  /** As the property of this name. */
  receiveBufferBytes?: number | undefined;
}

export class UnixSocket {
  readonly type: SocketType;
  readonly #fd: Fd;
  readonly #transport: Transport;

  private constructor(fd: Fd, type: SocketType) {
    this.#fd = fd;
    this.type = type;
    this.#transport = new Transport(fd.number, type);
  }

  static open(type: SocketType, options: UnixSocketOptions = {}): UnixSocket {
    checkOneOf('type', type, SOCKET_TYPES);
    const checkedOptions = checkSocketOptions(options);
    assertSupported();
    const socket = new UnixSocket(Fd.adopt(openSocket(type), { origin: 'node' }), type);
    return socket.#configure(checkedOptions);
  }

  static pair(type: SocketType, options: UnixSocketOptions = {}): [UnixSocket, UnixSocket] {
    checkOneOf('type', type, SOCKET_TYPES);
    const checkedOptions = checkSocketOptions(options);
    assertSupported();
    const [first, second] = openSocketPair(type).map(
      (number) => new UnixSocket(Fd.adopt(number, { origin: 'node' }), type),
    ) as [UnixSocket, UnixSocket];
    try {
      return [first.#configure(checkedOptions), second.#configure(checkedOptions)];
    } catch (error) {
      first.close();
      second.close();
      throw error;
    }
  }

  static fromFd(fd: number | Fd, options: AdoptOptions = {}): UnixSocket {
    assertSupported();
    const { SO_DOMAIN, SO_TYPE, AF_UNIX } = linuxConstants();
    const number = typeof fd === 'number' ? checkInteger('fd', fd, { min: 0, max: 2 ** 31 - 1 }) : fd.number;
    const domain = getIntOption(number, SO_DOMAIN);
    if (domain !== AF_UNIX) {
      throw new SystemError({ code: 'EAFNOSUPPORT', message: 'not a Unix socket', syscall: 'getsockopt' });
    }
    const typeOfFd = getIntOption(number, SO_TYPE);
    const type = SOCKET_TYPES.find((candidate) => typeNumber(candidate) === typeOfFd) as SocketType;
    return new UnixSocket(fd instanceof Fd ? Fd.adopt(fd.release(), fd) : Fd.adopt(number, options), type);
  }

  get fd(): number {
    return this.#fd.number;
  }

  get isClosed(): boolean {
    return this.#fd.isClosed;
  }

  bind(address: UnixAddress | 'auto'): void {
    const { bytes, path } = address === 'auto' ? autobindAddress() : checkAddress('address', address);
    checked(bindCall(this.#number('bind'), bytes, bytes.byteLength), 'bind', { path });
  }

  listen(backlog?: number): void {
    const most = checkInteger('backlog', backlog ?? linuxConstants().SOMAXCONN, { min: 0, max: 2 ** 31 - 1 });
    checked(listenCall(this.#number('listen'), most), 'listen');
  }

  async connect(address: UnixAddress, options: WaitOptions = {}): Promise<void> {
    const to = checkAddress('address', address);
    const wait = checkWait(options);
    this.#number('connect');
    await this.#transport.connect(to, wait);
  }

  tryAccept(): UnixSocket | null {
    this.#number('accept4');
    const number = this.#transport.tryAccept();
    return number === null ? null : this.#accepted(number);
  }

  async accept(options: WaitOptions = {}): Promise<UnixSocket> {
    const wait = checkWait(options);
    this.#number('accept4');
    return this.#accepted(await this.#transport.accept(wait));
  }

  trySend(data: MessageData | readonly MessageData[], options: TrySendOptions = {}): number | null {
    const message = checkMessage(data, options, this.type);
    this.#number('sendmsg');
    return this.#transport.trySend(message);
  }

  async send(data: MessageData | readonly MessageData[], options: SendOptions = {}): Promise<number> {
    const message = checkMessage(data, options, this.type);
    const wait = checkWait(options);
    this.#number('sendmsg');
    return await this.#transport.send(message, wait);
  }

  tryReceive(options: TryReceiveOptions = {}): ReceivedMessage | null {
    const request = this.#request(options);
    this.#number('recvmsg');
    return this.#transport.tryReceive(request);
  }

  async receive(options: ReceiveOptions = {}): Promise<ReceivedMessage> {
    const request = this.#request(options);
    const wait = checkWait(options);
    this.#number('recvmsg');
    return await this.#transport.receive(request, wait);
  }

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

  [Symbol.asyncIterator](): AsyncGenerator<ReceivedMessage, void, undefined> {
    return this.messages();
  }

  get passCredentials(): boolean {
    return getIntOption(this.#number('getsockopt'), linuxConstants().SO_PASSCRED) !== 0;
  }

  set passCredentials(on: boolean) {
    checkBoolean('passCredentials', on);
    setIntOption(this.#number('setsockopt'), linuxConstants().SO_PASSCRED, on ? 1 : 0);
  }

  get sendBufferBytes(): number {
    return getIntOption(this.#number('getsockopt'), linuxConstants().SO_SNDBUF);
  }

  set sendBufferBytes(bytes: number) {
    checkBufferBytes('sendBufferBytes', bytes);
    setBufferBytes(this.#number('setsockopt'), 'send', bytes);
  }

  get receiveBufferBytes(): number {
    return getIntOption(this.#number('getsockopt'), linuxConstants().SO_RCVBUF);
  }

  set receiveBufferBytes(bytes: number) {
    checkBufferBytes('receiveBufferBytes', bytes);
    setBufferBytes(this.#number('setsockopt'), 'receive', bytes);
  }

  peerCredentials(): Credentials {
    return peerCredentials(this.#number('getsockopt'));
  }

  peerPidfd(): Fd {
    return peerPidfd(this.#number('getsockopt'));
  }

  get localAddress(): UnixAddress | null {
    return localAddress(this.#number('getsockname'));
  }

  get peerAddress(): UnixAddress | null {
    return peerAddress(this.#number('getpeername'));
  }

  shutdown(how: 'read' | 'write' | 'both'): void {
    checkOneOf('how', how, ['read', 'write', 'both']);
    const { SHUT_RD, SHUT_WR, SHUT_RDWR } = linuxConstants();
    const number = { read: SHUT_RD, write: SHUT_WR, both: SHUT_RDWR }[how];
    checked(shutdownCall(this.#number('shutdown'), number), 'shutdown');
  }

  ref(): this {
    this.#transport.ref();
    return this;
  }

  unref(): this {
    this.#transport.unref();
    return this;
  }

  release(): number {
    this.#number('release');
    this.#transport.close();
    return this.#fd.release();
  }

  close(): void {
    this.#transport.close();
    this.#fd.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #accepted(number: number): UnixSocket {
    return new UnixSocket(Fd.adopt(number, { origin: 'node' }), this.type);
  }

  #request(options: TryReceiveOptions): ReceiveRequest {
    const { maxBytes, maxFds = 0 } = checkOptions('options', options) as TryReceiveOptions;
    return {
      type: this.type,
      maxBytes:
        maxBytes === undefined ? undefined : checkInteger('options.maxBytes', maxBytes, { min: 1, max: 2 ** 30 }),
      maxFds: checkInteger('options.maxFds', maxFds, { min: 0, max: MOST_FDS }),
    };
  }

  #configure({ passCredentials, sendBufferBytes, receiveBufferBytes }: UnixSocketOptions): this {
    try {
      if (passCredentials !== undefined) this.passCredentials = passCredentials;
      if (sendBufferBytes !== undefined) this.sendBufferBytes = sendBufferBytes;
      if (receiveBufferBytes !== undefined) this.receiveBufferBytes = receiveBufferBytes;
      return this;
    } catch (error) {
      this.close();
      throw error;
    }
  }

  #number(syscall: string): number {
    if (this.#fd.isClosed) throw closedSocket(syscall);
    return this.#fd.number;
  }
}

function checkSocketOptions(options: UnixSocketOptions): UnixSocketOptions {
  const { passCredentials, sendBufferBytes, receiveBufferBytes } = checkOptions(
    'options',
    options,
  ) as UnixSocketOptions;
  if (passCredentials !== undefined) checkBoolean('options.passCredentials', passCredentials);
  if (sendBufferBytes !== undefined) checkBufferBytes('options.sendBufferBytes', sendBufferBytes);
  if (receiveBufferBytes !== undefined) checkBufferBytes('options.receiveBufferBytes', receiveBufferBytes);
  return { passCredentials, sendBufferBytes, receiveBufferBytes };
}

function checkBufferBytes(name: string, bytes: unknown): number {
  return checkInteger(name, bytes, { min: 1, max: 2 ** 30 });
}

function checkWait(options: WaitOptions): WaitOptions {
  const { signal, timeoutMs } = checkOptions('options', options) as WaitOptions;
  return {
    signal: checkAbortSignal('options.signal', signal),
    timeoutMs: checkTimeoutMs('options.timeoutMs', timeoutMs),
  };
}
