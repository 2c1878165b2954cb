import { readFileSync } from 'node:fs';

import { checkFd, invalidArgType, SystemError, UnsupportedError } from '@osx/errors';
import { duplicate } from '@osx/fds';
import type { Fd } from '@osx/fds';
import { checked, defineCall, defineStruct, nonNegativeOrErrorRetryEintr } from '@osx/native-ffi';

import type { PinnedByFd } from './process-watch.ts';

const POLLFD = { size: 8, fields: { fd: ['i32', 0], events: ['i16', 4], revents: ['i16', 6] } } as const;
/** `struct pollfd` of <poll.h>. */
export const pollfdStruct = defineStruct('pollfd', { 'linux-x64': POLLFD, 'linux-arm64': POLLFD });
export const POLLIN = 1;

const pollCall = defineCall({
  name: 'poll',
  returns: 'int',
  parameters: ['pointer', 'ulong', 'int'],
  decode: nonNegativeOrErrorRetryEintr,
});

/** A private duplicate of a pidfd that somebody else opened: the process may be out of sight, in another pid namespace. */
export class InheritedPidfd implements PinnedByFd {
  readonly #own: Fd;

  /** @throws {SystemError} EBADF; EINVAL when it is no pidfd. */
  constructor(fd: number) {
    if (process.platform !== 'linux')
      throw new UnsupportedError({ feature: 'a pact with a pidfd', requires: 'Linux 5.3' });
    this.#own = duplicate(fd);
    try {
      assertPidfd(this.#own.number, fd);
    } catch (error) {
      this.#own.close();
      throw error;
    }
  }

  get fd(): number {
    return this.#own.number;
  }

  isAlive(): boolean {
    const pollfd = pollfdStruct.pack({ fd: this.#own.number, events: POLLIN });
    return checked(pollCall(pollfd, 1, 0), 'poll') === 0;
  }

  close(): void {
    this.#own.close();
  }
}

/** The number of a pidfd given as one, or as what owns one. */
export function pidfdNumber(argument: string, pidfd: unknown): number {
  if (typeof pidfd === 'number') return checkFd(argument, pidfd);
  if (typeof pidfd === 'object' && pidfd !== null && 'fd' in pidfd) return checkFd(`${argument}.fd`, pidfd.fd);
  throw invalidArgType(argument, 'a descriptor number or an object with fd', pidfd);
}

function assertPidfd(fd: number, given: number): void {
  if (/^Pid:/m.test(readFileSync(`/proc/self/fdinfo/${fd}`, 'latin1'))) return;
  throw new SystemError({ code: 'EINVAL', syscall: 'pidfd', message: `descriptor ${given} is no pidfd` });
}
