import type { EpollRegistration } from './epoll-registration.ts';
import { epollEventNames } from './event-names.ts';
import type { EpollEventName } from './event-names.ts';

/** What a descriptor was ready for when the kernel was asked. */
export class EpollEvent {
  /** Whose event it is: also when the number means another file by now. */
  readonly registration: EpollRegistration;
  /** `EPOLL*` bits. */
  readonly events: number;
  /** The user's 64 bits, as they were given with the registration that fired. */
  readonly data: bigint;
  readonly #token: number;

  /** @internal */
  constructor(registration: EpollRegistration, events: number) {
    this.registration = registration;
    this.events = events;
    this.data = registration.data;
    this.#token = registration.token;
  }

  /** The number under which the descriptor was registered. */
  get fd(): number {
    return this.registration.fd;
  }

  /** C names of the bits of `events`. */
  get names(): EpollEventName[] {
    return epollEventNames(this.events);
  }

  /**
   * Whether the registration was removed, replaced or modified after the event was taken: an event of the same batch that
   * was looked at before may have led to that. Drop it; what still holds is reported again.
   */
  get isStale(): boolean {
    return !this.registration.isActive || this.registration.token !== this.#token;
  }
}
