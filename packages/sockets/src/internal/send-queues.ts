import { SystemError } from '@osx/errors';

import type { SocketType } from '../socket-type.ts';
import type { WaitOptions } from '../wait-options.ts';
import { DestinationReadiness } from './destination-readiness.ts';
import { EAGAIN } from './errno-numbers.ts';
import { OperationQueue } from './operation-queue.ts';
import type { OutgoingMessage } from './outgoing-message.ts';
import { FdReadiness } from './readiness.ts';
import { sendNow } from './send-now.ts';
import type { SocketAddress } from './socket-address.ts';

/** How often one send of a stream may go on before the event loop turns. */
const PIECES_PER_TURN = 16;

/** The sends of one socket: in order to its peer, and in order to each address. */
export class SendQueues {
  readonly #fd: number;
  readonly #type: SocketType;
  readonly #toPeer: OperationQueue;
  /** Only those on which somebody waits, by the bytes of the address. */
  readonly #toAddress = new Map<string, OperationQueue>();
  #isReferenced = true;

  constructor(fd: number, type: SocketType) {
    this.#fd = fd;
    this.#type = type;
    this.#toPeer = new OperationQueue(new FdReadiness(fd, { writable: true }));
  }

  /** Bytes sent, or null when it would wait, for the kernel or for those who came before. */
  sendNow(message: OutgoingMessage): number | null {
    if (this.#waitingQueue(message.to) !== undefined) return null;
    return this.#attempt(message) ?? null;
  }

  send(message: OutgoingMessage, options: WaitOptions): Promise<number> {
    const attempt = this.#type === 'stream' ? this.#inPieces(message) : () => this.#attempt(message);
    if (message.to === undefined) return this.#toPeer.run(syscallOf(message), attempt, options);
    const key = keyOf(message.to);
    const queue = this.#toAddress.get(key) ?? this.#makeQueue(message.to, key);
    const sending = queue.run(syscallOf(message), attempt, options);
    if (!queue.isIdle) this.#toAddress.set(key, queue);
    return sending;
  }

  ref(): void {
    this.#isReferenced = true;
    for (const queue of this.#all()) queue.ref();
  }

  unref(): void {
    this.#isReferenced = false;
    for (const queue of this.#all()) queue.unref();
  }

  close(reason: (syscall: string) => Error): void {
    for (const queue of this.#all()) queue.close(reason);
  }

  #attempt(message: OutgoingMessage): number | undefined {
    const result = sendNow(this.#fd, message);
    if (result >= 0) return result;
    if (result === -EAGAIN) return undefined;
    throw new SystemError({ errno: result, syscall: syscallOf(message), ...(message.to && { path: message.to.path }) });
  }

  /** A stream takes what it has room for; descriptors go with the first byte. */
  #inPieces(message: OutgoingMessage): () => number | undefined {
    const { byteLength } = message.bytes;
    let sent = 0;
    return () => {
      for (let piece = 0; piece < PIECES_PER_TURN; piece += 1) {
        const rest = sent === 0 ? message : { bytes: message.bytes.subarray(sent), to: undefined, control: undefined };
        const count = this.#attempt(rest);
        if (count === undefined) return undefined;
        sent += count;
        if (sent === byteLength) return sent;
      }
      return undefined;
    };
  }

  #waitingQueue(to: SocketAddress | undefined): OperationQueue | undefined {
    if (to === undefined) return this.#toPeer.isIdle ? undefined : this.#toPeer;
    return this.#toAddress.size === 0 ? undefined : this.#toAddress.get(keyOf(to));
  }

  #makeQueue(to: SocketAddress, key: string): OperationQueue {
    const queue = new OperationQueue(new DestinationReadiness(this.#fd, to), () => this.#toAddress.delete(key));
    if (!this.#isReferenced) queue.unref();
    return queue;
  }

  *#all(): Generator<OperationQueue> {
    yield this.#toPeer;
    yield* this.#toAddress.values();
  }
}

function keyOf({ bytes }: SocketAddress): string {
  return bytes.toString('latin1');
}

function syscallOf({ control }: OutgoingMessage): string {
  return control === undefined ? 'sendto' : 'sendmsg';
}
