import { posix } from 'node:path';

import type { FilePath } from './file-path.ts';
import { abortable } from './abortable.ts';

/** The last operation on each path that is still under way in this thread. */
const tails = new Map<string, Promise<void>>();

/** One spelling for one path, as far as text can tell. */
export function queueKey(path: FilePath): string {
  return posix.normalize(typeof path === 'string' ? path : `\0${path.toString('latin1')}`);
}

/**
 * Runs operations on one path one after the other, in the order of the calls. An operation that is aborted while it
 * waits gives up at once, and those behind it still wait for those before it.
 */
export async function inOrder<T>(
  key: string,
  signal: AbortSignal | undefined,
  operation: () => Promise<T>,
): Promise<T> {
  const before = tails.get(key);
  let end = (): void => {};
  const tail = new Promise<void>((resolve) => {
    end = () => {
      if (tails.get(key) === tail) tails.delete(key);
      resolve();
    };
  });
  tails.set(key, tail);
  if (before !== undefined) {
    try {
      await abortable(before, signal);
    } catch (reason) {
      void before.then(end);
      throw reason;
    }
  }
  try {
    return await operation();
  } finally {
    end();
  }
}
