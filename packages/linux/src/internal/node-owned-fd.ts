import { closeSync, constants, openSync } from 'node:fs';

import { checked, defineCall, linuxConstants, nonNegativeOrErrorRetryEintr, zeroOrError } from '@osx/native-ffi';

const dup3 = defineCall({
  name: 'dup3',
  returns: 'int',
  parameters: ['int', 'int', 'int'],
  decode: nonNegativeOrErrorRetryEintr,
});
const close = defineCall({ name: 'close', returns: 'int', parameters: ['int'], decode: zeroOrError });

/**
 * A descriptor that a system call of ours makes, under a number that Node believes to have opened: so Node closes it
 * when a Worker ends, by itself or by `terminate()`, where a bare descriptor would stay open for the process's life.
 *
 * @param make Returns a descriptor, or throws.
 * @returns A close-on-exec descriptor for {@link closeNodeOwnedFd}.
 */
export function openNodeOwnedFd(make: () => number): number {
  const { O_PATH, O_CLOEXEC } = linuxConstants();
  // O_PATH: needs no permission, and "/" is there in every root.
  const owned = openSync('/', O_PATH | O_CLOEXEC | constants.O_DIRECTORY);
  try {
    const bare = make();
    try {
      checked(dup3(bare, owned, O_CLOEXEC), 'dup3');
    } finally {
      close(bare);
    }
  } catch (error) {
    closeSync(owned);
    throw error;
  }
  return owned;
}

/** Closes what {@link openNodeOwnedFd} returned. */
export function closeNodeOwnedFd(fd: number): void {
  closeSync(fd);
}
