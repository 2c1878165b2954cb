import { closeSync, constants, openSync } from 'node:fs';

import { checked } from '../checked.ts';
import { duplicateDescriptor, duplicateOver } from './descriptor-calls.ts';

/**
 * A close-on-exec copy of `fd` that Node closes when the Worker ends. In a Worker the number is Node's before it is a copy:
 * `terminate()` may come between any two calls.
 *
 * To be closed with `fs.closeSync`.
 */
export function ownedDuplicate(fd: number): number {
  if (process.getBuiltinModule('node:worker_threads').isMainThread) return duplicateDescriptor(fd);
  // "/" is there in every root; opening it needs no more than the right to pass through.
  const owned = openSync('/', constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    checked(duplicateOver(fd, owned), 'dup3');
    return owned;
  } catch (error) {
    closeSync(owned);
    throw error;
  }
}
