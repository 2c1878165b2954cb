import { EPOLLONESHOT } from './constants.ts';
import { epollEventNames } from './event-names.ts';
import type { EpollEventName } from './event-names.ts';

/** What a registration is, from one `add` or `modify` to the next. @internal */
export interface RegistrationState {
  readonly token: number;
  readonly events: number;
  readonly data: bigint;
}

/**
 * A descriptor registered with an `Epoll`. It stands for one `add`, so it is never mistaken for what is registered under
 * the same number later.
 */
export class EpollRegistration {
  /** The number under which the descriptor was registered. */
  readonly fd: number;
  #state: RegistrationState;
  #isActive = true;
  #isArmed = true;

  /** @internal */
  constructor(fd: number, state: RegistrationState) {
    this.fd = fd;
    this.#state = state;
  }

  /** `EPOLL*` bits that were asked for. */
  get events(): number {
    return this.#state.events;
  }

  /** C names of the bits of `events`. */
  get names(): EpollEventName[] {
    return epollEventNames(this.#state.events);
  }

  /** The user's 64 bits. */
  get data(): bigint {
    return this.#state.data;
  }

  /** Whether its events are reported: it was neither removed nor found gone. */
  get isActive(): boolean {
    return this.#isActive;
  }

  /** false for one with `EPOLLONESHOT` that has fired: nothing comes until `modify`. */
  get isArmed(): boolean {
    return this.#isActive && this.#isArmed;
  }

  /** What the kernel has in `epoll_data`. @internal */
  get token(): number {
    return this.#state.token;
  }

  /** @internal */
  recordChange(state: RegistrationState): void {
    this.#state = state;
    this.#isArmed = true;
  }

  /** @internal */
  recordEvent(): void {
    if ((this.#state.events & EPOLLONESHOT) !== 0) this.#isArmed = false;
  }

  /** @internal */
  recordEnd(): void {
    this.#isActive = false;
  }
}
