import { readdirSync, readFileSync } from 'node:fs';

import { hasCode, UnsupportedError } from '@osx/errors';
import { linuxConstants } from '@osx/native-ffi';

/** The descriptors from 3 on that every child of this process gets, because they are not close-on-exec. */
export function inheritableFds(): number[] {
  const { O_CLOEXEC } = linuxConstants();
  return openFds()
    .map(Number)
    .filter((fd) => fd > 2 && (flagsOf(fd) & O_CLOEXEC) === 0)
    .sort((a, b) => a - b);
}

function openFds(): string[] {
  try {
    return readdirSync('/proc/self/fd');
  } catch (cause) {
    if (!hasCode(cause, 'ENOENT')) throw cause;
    throw new UnsupportedError({ feature: 'a death pact of a program', requires: 'a mounted /proc', cause });
  }
}

/** As fcntl has them; close-on-exec for a descriptor that is closed already, as the one that listed them. */
function flagsOf(fd: number): number {
  try {
    return parseInt(/^flags:\s*(\d+)$/m.exec(readFileSync(`/proc/self/fdinfo/${fd}`, 'latin1'))?.[1] ?? '0', 8);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return linuxConstants().O_CLOEXEC;
    throw error;
  }
}
