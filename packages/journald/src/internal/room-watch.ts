import { watchFd } from '@osx/native-ffi';
import type { FdWatch } from '@osx/native-ffi';
import { UnixSocket } from '@osx/sockets';
import type { UnixAddress } from '@osx/sockets';

import { afterAWhile, inTurn } from './wait.ts';
import type { Wait } from './wait.ts';

/**
 * Tells when a receiver of datagrams reads again. The socket that sends is not connected, so the kernel tells it nothing of
 * the receiver's queue; a second one is, and only ever waits.
 */
export class RoomWatch {
  readonly #sender: UnixSocket;
  readonly #receiver: UnixAddress;
  #probe: { socket: UnixSocket; watch: FdWatch } | undefined;
  /** Waits since something was sent. */
  #inVain = 0;

  constructor(sender: UnixSocket, receiver: UnixAddress) {
    this.#sender = sender;
    this.#receiver = receiver;
  }

  succeeded(): void {
    this.#inVain = 0;
  }

  /** First by the receiver's queue; if that was not it, also by our own send buffer; then by time. */
  wait(callback: () => void): Wait {
    this.#inVain += 1;
    const steps = [(next: () => void) => this.#receiverReads(next)];
    if (this.#inVain > 1) {
      this.#forget();
      steps.unshift((next) => this.#senderHasRoom(next));
    }
    if (this.#inVain > 2) steps.push((next) => afterAWhile(next));
    return inTurn(steps, callback);
  }

  close(): void {
    this.#forget();
  }

  #receiverReads(next: () => void): Wait {
    let go: (() => void) | undefined = next;
    const probe = (this.#probe ??= this.#connect());
    if (probe === undefined) return afterAWhile(next);
    this.#onReady = () => {
      probe.watch.update({});
      go?.();
    };
    probe.watch.update({ writable: true });
    return {
      ref: () => void probe.watch.ref(),
      unref: () => void probe.watch.unref(),
      cancel: () => {
        go = undefined;
        if (!probe.watch.isClosed) probe.watch.update({});
      },
    };
  }

  #onReady = (): void => {};

  #connect(): { socket: UnixSocket; watch: FdWatch } | undefined {
    const socket = UnixSocket.open('datagram');
    try {
      // A datagram socket is connected, or refused, at once.
      void socket.connect(this.#receiver).catch(() => {});
      const watch = watchFd(socket.fd, {}, () => this.#onReady());
      return { socket, watch };
    } catch {
      socket.close();
      return undefined;
    }
  }

  #senderHasRoom(next: () => void): Wait {
    let watch: FdWatch;
    try {
      watch = watchFd(this.#sender.fd, { writable: true }, () => {
        watch.close();
        next();
      });
    } catch {
      return afterAWhile(next);
    }
    return {
      ref: () => void watch.ref(),
      unref: () => void watch.unref(),
      cancel: () => watch.close(),
    };
  }

  #forget(): void {
    this.#probe?.watch.close();
    this.#probe?.socket.close();
    this.#probe = undefined;
  }
}
