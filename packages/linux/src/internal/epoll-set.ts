import { closeSync } from 'node:fs';

import { invalidArgValue, SystemError } from '@osx/errors';
import { checked, linuxConstants } from '@osx/native-ffi';

import { EpollEvent } from '../epoll/epoll-event.ts';
import { EpollRegistration } from '../epoll/epoll-registration.ts';
import { EpollBatch } from './epoll-batch.ts';
import { addToEpoll, dup3, modifyInEpoll, openEpollFd, removeFromEpoll } from './epoll-calls.ts';
import { epollCtlError } from './epoll-errors.ts';
import { EBADF, EEXIST, ENOENT, EPERM } from './errno-numbers.ts';
import { readEpollTokens } from './read-epoll-tokens.ts';
import { RegistrationTable } from './registration-table.ts';

/** What DEL says of a descriptor that was closed, or whose number means another file by now. */
const GONE = new Set([-EBADF, -ENOENT, -EPERM]);

/**
 * An epoll descriptor with what is registered in it. The kernel gets a token as `epoll_data`, never used twice; the user's
 * data stays here. What comes with a token that is not known (any more) is an orphan: its descriptor was closed while a
 * duplicate of it is open, so the kernel keeps it, and no call can remove it.
 */
export class EpollSet {
  /** Stays the same for good: {@link rebuild} puts another queue behind the number. */
  readonly fd = openEpollFd();
  /** Whether somebody else may hold the queue: an epoll around this one, a child. Then it is not replaced unasked. */
  isShared = false;
  readonly #table = new RegistrationTable();
  readonly #batch = new EpollBatch();
  readonly #orphans = new Set<number>();
  readonly #onRebuild: () => void;
  #hasSeenOrphan = false;

  constructor(onRebuild: () => void) {
    this.#onRebuild = onRebuild;
  }

  get registrations(): EpollRegistration[] {
    return this.#table.current();
  }

  /** Whether the latest {@link take} brought an orphan that is still there. */
  get hasOrphan(): boolean {
    return this.#hasSeenOrphan;
  }

  add(fd: number, events: number, data: bigint | undefined): EpollRegistration {
    const token = this.#table.newToken();
    const result = addToEpoll(this.fd, fd, events, token);
    if (result < 0) throw epollCtlError(result, fd);
    const registration = new EpollRegistration(fd, { token, events, data: data ?? BigInt(fd) });
    this.#table.add(registration);
    return registration;
  }

  modify(target: EpollRegistration | number, events: number, data: bigint | undefined): EpollRegistration {
    const fd = typeof target === 'number' ? target : target.fd;
    const known = this.#find(target);
    if (known?.isActive === false) {
      throw new SystemError({
        code: 'ENOENT',
        syscall: 'epoll_ctl',
        message: 'the registration was removed or replaced',
      });
    }
    const token = this.#table.newToken();
    const result = modifyInEpoll(this.fd, fd, events, token);
    if (result < 0) throw epollCtlError(result, fd);
    const state = { token, events, data: data ?? known?.data ?? BigInt(fd) };
    if (known !== undefined) {
      this.#table.renew(known, () => known.recordChange(state));
      return known;
    }
    // Another holder of the queue has registered it.
    const adopted = new EpollRegistration(fd, state);
    this.#table.add(adopted);
    return adopted;
  }

  /** false when the kernel had nothing under that number any more. */
  remove(target: EpollRegistration | number): boolean {
    const known = this.#find(target);
    if (known?.isActive === false) return false;
    const fd = typeof target === 'number' ? target : target.fd;
    const result = removeFromEpoll(this.fd, fd);
    if (known === undefined) {
      if (result < 0) throw epollCtlError(result, fd);
      return true;
    }
    this.#table.end(known);
    if (GONE.has(result)) return false;
    checked(result, 'epoll_ctl');
    return true;
  }

  /** What is ready now. May be more than asked for: places are left for orphans, which come back each time. */
  take(maxEvents: number): EpollEvent[] {
    const events: EpollEvent[] = [];
    let orphansBefore: number;
    do {
      orphansBefore = this.#orphans.size;
      this.#hasSeenOrphan = false;
      this.#batch.take(this.fd, maxEvents + orphansBefore, (token, bits) => this.#onEvent(token, bits, events));
    } while (events.length === 0 && this.#orphans.size > orphansBefore);
    if (this.#hasSeenOrphan && !this.isShared) this.rebuild();
    return events;
  }

  /**
   * Registers what is alive in a new queue and puts that in the place of the old one.
   *
   * @returns What was not alive: closed, or its number means another file.
   */
  rebuild(): EpollRegistration[] {
    const fresh = openEpollFd();
    try {
      const gone = this.registrations.filter((registration) => !this.#copy(registration, fresh));
      checked(dup3(fresh, this.fd, linuxConstants().EPOLL_CLOEXEC), 'dup3');
      for (const registration of gone) this.#table.end(registration);
      this.#orphans.clear();
      this.#hasSeenOrphan = false;
      this.#onRebuild();
      return gone;
    } finally {
      closeSync(fresh);
    }
  }

  /** Ends what the kernel has no more. */
  refresh(): EpollRegistration[] {
    const alive = readEpollTokens(this.fd);
    const gone = this.registrations.filter(({ token }) => !alive.has(token));
    for (const registration of gone) this.#table.end(registration);
    return gone;
  }

  close(): void {
    this.#table.clear();
    closeSync(this.fd);
  }

  #find(target: EpollRegistration | number): EpollRegistration | undefined {
    if (typeof target === 'number') return this.#table.ofFd(target);
    if (target.isActive && this.#table.ofToken(target.token) !== target) {
      throw invalidArgValue('target', 'a registration of this epoll', target);
    }
    return target;
  }

  #onEvent(token: number, bits: number, events: EpollEvent[]): void {
    const registration = this.#table.ofToken(token);
    if (registration === undefined) {
      this.#orphans.add(token);
      this.#hasSeenOrphan = true;
    } else if (registration.isArmed) {
      events.push(new EpollEvent(registration, bits));
      registration.recordEvent();
    }
  }

  #copy({ fd, events, token }: EpollRegistration, fresh: number): boolean {
    // EEXIST alone says that the number still means the file that is registered.
    const probe = addToEpoll(this.fd, fd, 0, 0);
    if (probe === 0) removeFromEpoll(this.fd, fd);
    if (probe !== -EEXIST) return false;
    checked(addToEpoll(fresh, fd, events, token), 'epoll_ctl');
    return true;
  }
}
