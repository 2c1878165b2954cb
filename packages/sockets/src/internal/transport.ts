import { SystemError } from '@osx/errors';
import { isNonblocking, setNonblocking } from '@osx/fds';
import { linuxConstants } from '@osx/native-ffi';

import type { ReceivedMessage } from '../message.ts';
import type { SocketType } from '../socket-type.ts';
import type { WaitOptions } from '../wait-options.ts';
import { acceptNow } from './accept-now.ts';
import { closedSocket } from './closed-socket.ts';
import { EAGAIN } from './errno-numbers.ts';
import { OperationQueue } from './operation-queue.ts';
import type { OutgoingMessage } from './outgoing-message.ts';
import { FdReadiness } from './readiness.ts';
import { endOfDatagrams, receiveNow, type ReceiveRequest } from './receive-now.ts';
import { SendQueues } from './send-queues.ts';
import type { SocketAddress } from './socket-address.ts';
import { connectCall } from './socket-calls.ts';
import { pollNow } from './socket-options.ts';
import { TimerReadiness } from './timer-readiness.ts';

/** What moves through one socket, and all that waits on it. */
export class Transport {
  readonly #fd: number;
  readonly #type: SocketType;
  readonly #sends: SendQueues;
  readonly #receives: OperationQueue;
  /** The kernel tells nobody when a full backlog has room again. */
  readonly #connects = new OperationQueue(new TimerReadiness());

  constructor(fd: number, type: SocketType) {
    this.#fd = fd;
    this.#type = type;
    this.#sends = new SendQueues(fd, type);
    this.#receives = new OperationQueue(new FdReadiness(fd, { readable: true }));
  }

  trySend(message: OutgoingMessage): number | null {
    return this.#sends.sendNow(message);
  }

  send(message: OutgoingMessage, options: WaitOptions): Promise<number> {
    return this.#sends.send(message, options);
  }

  tryReceive(request: ReceiveRequest): ReceivedMessage | null {
    return this.#receives.isIdle ? (this.#receive(request) ?? null) : null;
  }

  receive(request: ReceiveRequest, options: WaitOptions): Promise<ReceivedMessage> {
    return this.#receives.run('recvmsg', (hasWaited) => this.#receive(request) ?? this.#end(hasWaited), options);
  }

  tryAccept(): number | null {
    setNonblocking(this.#fd, true);
    return this.#receives.isIdle ? (acceptNow(this.#fd) ?? null) : null;
  }

  async accept(options: WaitOptions): Promise<number> {
    setNonblocking(this.#fd, true);
    return await this.#receives.run('accept4', () => acceptNow(this.#fd), options);
  }

  async connect({ bytes, path }: SocketAddress, options: WaitOptions): Promise<void> {
    const attempt = (): true | undefined => {
      const result = this.#withoutBlocking(() => connectCall(this.#fd, bytes, bytes.byteLength));
      if (result >= 0) return true;
      if (result === -EAGAIN) return undefined;
      throw new SystemError({ errno: result, syscall: 'connect', path });
    };
    await this.#connects.run('connect', attempt, options);
  }

  ref(): void {
    for (const part of [this.#sends, this.#receives, this.#connects]) part.ref();
  }

  unref(): void {
    for (const part of [this.#sends, this.#receives, this.#connects]) part.unref();
  }

  close(): void {
    for (const part of [this.#sends, this.#receives, this.#connects]) part.close(closedSocket);
  }

  #receive(request: ReceiveRequest): ReceivedMessage | undefined {
    const result = receiveNow(this.#fd, request);
    if (typeof result !== 'number') return result;
    if (result === -EAGAIN) return undefined;
    throw new SystemError({ errno: result, syscall: 'recvmsg' });
  }

  /** A datagram socket that was shut down for reading is always ready, and never has anything. */
  #end(hasWaited: boolean): ReceivedMessage | undefined {
    const { POLLRDHUP } = linuxConstants();
    if (!hasWaited || this.#type !== 'datagram') return undefined;
    return (pollNow(this.#fd, POLLRDHUP) & POLLRDHUP) === 0 ? undefined : endOfDatagrams();
  }

  /** connect(2) has no flag for one call, as send(2) and recv(2) have. Datagrams connect at once. */
  #withoutBlocking(call: () => number): number {
    if (this.#type === 'datagram' || isNonblocking(this.#fd)) return call();
    setNonblocking(this.#fd, true);
    try {
      return call();
    } finally {
      setNonblocking(this.#fd, false);
    }
  }
}
