import { closeSync } from 'node:fs';

import { linuxConstants } from '@osx/native-ffi';

import { openSocket } from './open-socket.ts';
import { FdReadiness, type Readiness } from './readiness.ts';
import type { SocketAddress } from './socket-address.ts';
import { connectCall } from './socket-calls.ts';
import { pollNow } from './socket-options.ts';

/** struct sockaddr of AF_UNSPEC: connect(2) to it disconnects. */
const NO_PEER = Buffer.alloc(16);

/**
 * Tells when an address may take a datagram of an unconnected socket, which itself counts as writable even while the
 * receiver's queue is full. A connected socket does not: one is made for the asking, and never sent through.
 */
export class DestinationReadiness implements Readiness {
  readonly #fd: number;
  readonly #to: SocketAddress;
  readonly #own: FdReadiness;
  #probe: { readonly fd: number; readonly readiness: FdReadiness } | undefined;
  #isReferenced = true;

  constructor(fd: number, to: SocketAddress) {
    this.#fd = fd;
    this.#to = to;
    this.#own = new FdReadiness(fd, { writable: true });
  }

  arm(onReady: () => void): void {
    // Not writable itself: its own buffer is full, of datagrams that nobody has taken yet.
    if ((pollNow(this.#fd, linuxConstants().POLLOUT) & linuxConstants().POLLOUT) === 0) {
      this.#probe?.readiness.disarm();
      this.#own.arm(onReady);
      return;
    }
    this.#own.disarm();
    const { fd, readiness } = (this.#probe ??= this.#makeProbe());
    // Each time anew: another socket may have taken the name. Without a peer it is writable, and the send tells why.
    const { bytes } = this.#to;
    if (connectCall(fd, bytes, bytes.byteLength) < 0) connectCall(fd, NO_PEER, NO_PEER.byteLength);
    readiness.arm(onReady);
  }

  /** Nobody waits for this address any more; another one who does has a readiness of his own. */
  disarm(): void {
    this.close();
  }

  ref(): void {
    this.#isReferenced = true;
    this.#own.ref();
    this.#probe?.readiness.ref();
  }

  unref(): void {
    this.#isReferenced = false;
    this.#own.unref();
    this.#probe?.readiness.unref();
  }

  close(): void {
    this.#own.close();
    this.#closeProbe();
  }

  #makeProbe(): { readonly fd: number; readonly readiness: FdReadiness } {
    const fd = openSocket('datagram');
    const readiness = new FdReadiness(fd, { writable: true });
    if (!this.#isReferenced) readiness.unref();
    return { fd, readiness };
  }

  #closeProbe(): void {
    if (this.#probe === undefined) return;
    this.#probe.readiness.close();
    closeSync(this.#probe.fd);
    this.#probe = undefined;
  }
}
