import { checkFd } from '@osx/errors';

import { closeDescriptor } from './internal/descriptor-calls.ts';
import { ownedDuplicate } from './internal/owned-duplicate.ts';

/**
 * Gives a descriptor that libc opened to Node, which closes what is still open when a Worker ends, by `terminate()` too.
 *
 * Node keeps a list of the numbers that a Worker opened through `fs`; what libc opens is not in it and would stay open for
 * the process's life. So in a Worker the descriptor moves to a number that `fs.openSync` made. On the main thread
 * nothing moves.
 *
 * **Gotchas**: close the result with `fs.closeSync`, never by libc: the list would keep the number, and the Worker's end
 * close whatever has it by then.
 *
 * @param fd A descriptor from libc. It is gone afterwards, also when this throws.
 * @returns The descriptor to use from now on, close-on-exec.
 * @throws {SystemError} `EMFILE`, `ENFILE`.
 * @example
 * ```ts
 * import { closeSync } from 'node:fs';
 * import { checked, defineCall, nonNegativeOrError, ownByNode } from '@osx/native-ffi';
 *
 * const inotifyInit1 = defineCall({ name: 'inotify_init1', returns: 'int', parameters: ['int'], decode: nonNegativeOrError });
 * const fd = ownByNode(checked(inotifyInit1(0o2004000), 'inotify_init1'));
 * closeSync(fd);
 * ```
 * @see https://nodejs.org/api/worker_threads.html#new-workerfilename-options (`trackUnmanagedFds`)
 */
export function ownByNode(fd: number): number {
  checkFd('fd', fd);
  if (process.getBuiltinModule('node:worker_threads').isMainThread) return fd;
  try {
    return ownedDuplicate(fd);
  } finally {
    closeDescriptor(fd);
  }
}
