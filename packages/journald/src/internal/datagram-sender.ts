import { UnixSocket } from '@osx/sockets';
import type { UnixAddress } from '@osx/sockets';

import { RoomWatch } from './room-watch.ts';
import type { Wait } from './wait.ts';

/** The kernel is out of something for a moment: not the receiver's fault, and nothing is lost by trying again. */
const PASSING = new Set(['ENOBUFS', 'ENOMEM', 'ETOOMANYREFS', 'EMFILE', 'ENFILE']);

const NOTHING = new Uint8Array(0);

/** Sends datagrams to one address that it never connects to: a receiver that was started anew gets the next one. */
export class DatagramSender {
  readonly #address: UnixAddress;
  readonly #socket: UnixSocket;
  readonly #room: RoomWatch;

  constructor(address: UnixAddress) {
    this.#address = address;
    this.#socket = UnixSocket.open('datagram');
    this.#room = new RoomWatch(this.#socket, address);
  }

  trySend(data: Uint8Array): 'sent' | 'full' {
    return this.#sent(this.#socket.trySend(data, { to: this.#address }));
  }

  /** The descriptor alone. */
  trySendFd(fd: number): 'sent' | 'full' {
    return this.#sent(this.#socket.trySend(NOTHING, { to: this.#address, fds: [fd] }));
  }

  awaitRoom(callback: () => void): Wait {
    return this.#room.wait(callback);
  }

  close(): void {
    this.#room.close();
    this.#socket.close();
  }

  #sent(count: number | null): 'sent' | 'full' {
    if (count === null) return 'full';
    this.#room.succeeded();
    return 'sent';
  }
}

export function isPassing(error: unknown): boolean {
  return PASSING.has(String((error as NodeJS.ErrnoException).code));
}
