import { UnixSocket } from '@osx/sockets';
import type { Credentials, ReceivedMessage, WaitOptions } from '@osx/sockets';

/** One message as a manager takes it: lines, who sent them, and how many descriptors came along. */
export interface Notification {
  readonly lines: string[];
  readonly sender: Credentials;
  readonly fdCount: number;
}

/** A service manager's socket: it knows its senders by SO_PASSCRED, and lets barriers go when it comes to them. */
export class NotifyReceiver implements Disposable {
  readonly socket = UnixSocket.open('datagram', { passCredentials: true });

  /** @param path Where to listen; an abstract name by default. */
  constructor(path?: string) {
    this.socket.bind(path ?? 'auto');
  }

  /** As NOTIFY_SOCKET has it. */
  get variable(): string {
    const address = this.socket.localAddress;
    return typeof address === 'string' ? address : `@${(address as { abstract: string }).abstract}`;
  }

  async next(options: WaitOptions = { timeoutMs: 20_000 }): Promise<Notification> {
    return this.#understand(await this.socket.receive({ ...options, maxFds: 253 }));
  }

  /** What is there. */
  taken(): Notification[] {
    const found: Notification[] = [];
    for (;;) {
      const message = this.socket.tryReceive({ maxFds: 253 });
      if (message === null) return found;
      found.push(this.#understand(message));
    }
  }

  [Symbol.dispose](): void {
    this.socket.close();
  }

  /** manager_dispatch_notify_fd() of systemd: the same refusals. */
  #understand({ data, fds, credentials }: ReceivedMessage): Notification {
    for (const fd of fds) fd.close();
    if (credentials === undefined || credentials.pid <= 0) throw new Error('no valid credentials');
    if (data.byteLength > 4096) throw new Error('exceeded maximum size');
    if (data.includes(0)) throw new Error('embedded NUL');
    const lines = data
      .toString()
      .split(/[\n\r]/)
      .filter((line) => line !== '');
    if (lines.includes('BARRIER=1') && (lines.length > 1 || fds.length !== 1)) throw new Error('bad barrier');
    return { lines, sender: credentials, fdCount: fds.length };
  }
}
