import { readFileSync } from 'node:fs';

import { isSystemError, SystemError, withSystemErrors } from '@osx/errors';

/** What the kernel shows of an eventfd in `/proc/self/fdinfo`. */
export interface EventfdInfo {
  readonly count: bigint;
  /** undefined before Linux 6.5, which does not tell. */
  readonly isSemaphore: boolean | undefined;
}

/** undefined when the descriptor is something else. */
export function readEventfdInfo(fd: number): EventfdInfo | undefined {
  const fdinfo = readFdinfo(fd);
  const count = /^eventfd-count:\s*([0-9a-f]+)$/m.exec(fdinfo)?.[1];
  if (count === undefined) return undefined;
  const semaphore = /^eventfd-semaphore:\s*(\d)$/m.exec(fdinfo)?.[1];
  return { count: BigInt(`0x${count}`), isSemaphore: semaphore === undefined ? undefined : semaphore === '1' };
}

function readFdinfo(fd: number): string {
  try {
    return withSystemErrors(() => readFileSync(`/proc/self/fdinfo/${fd}`, 'latin1'));
  } catch (error) {
    if (!isSystemError(error, 'ENOENT')) throw error;
    throw new SystemError({ code: 'EBADF', syscall: 'eventfd', cause: error });
  }
}
