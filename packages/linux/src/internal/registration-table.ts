import type { EpollRegistration } from '../epoll/epoll-registration.ts';

/**
 * Which registration an event belongs to. The kernel knows a registration by the open file and the number together, and
 * keeps it while any duplicate of the file is open: so one number can have several, and only the token tells them apart.
 * A token is never used twice.
 */
export class RegistrationTable {
  readonly #byFd = new Map<number, EpollRegistration>();
  readonly #byToken = new Map<number, EpollRegistration>();
  #lastToken = 0;

  newToken(): number {
    this.#lastToken += 1;
    return this.#lastToken;
  }

  current(): EpollRegistration[] {
    return [...this.#byFd.values()];
  }

  ofFd(fd: number): EpollRegistration | undefined {
    return this.#byFd.get(fd);
  }

  ofToken(token: number): EpollRegistration | undefined {
    return this.#byToken.get(token);
  }

  /** Ends what was registered under the number before: its file was closed, or the kernel would have said EEXIST. */
  add(registration: EpollRegistration): void {
    const before = this.#byFd.get(registration.fd);
    if (before !== undefined) this.end(before);
    this.#byFd.set(registration.fd, registration);
    this.#byToken.set(registration.token, registration);
  }

  renew(registration: EpollRegistration, change: () => void): void {
    this.#byToken.delete(registration.token);
    change();
    this.#byToken.set(registration.token, registration);
  }

  end(registration: EpollRegistration): void {
    if (this.#byFd.get(registration.fd) === registration) this.#byFd.delete(registration.fd);
    this.#byToken.delete(registration.token);
    registration.recordEnd();
  }

  clear(): void {
    for (const registration of this.current()) this.end(registration);
  }
}
