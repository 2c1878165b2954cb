import { dirname } from 'node:path';

import { SystemError, throwIfAborted } from '@osx/errors';

import type { CgroupWaitOptions } from '../cgroups/cgroup-options.ts';
import { IN_DELETE, IN_MODIFY } from '../inotify/constants.ts';
import type { CgroupDirectory } from './cgroup-directory.ts';
import { listenToPaths, type CgroupListener } from './cgroup-watcher.ts';

/**
 * Resolves with the text of a file of the cgroup once it is as wanted; looks now, and whenever the kernel says that it
 * changed. No thread, no timer.
 *
 * The parent directory is watched too: a cgroup that is removed takes back notices that the kernel was about to give (it
 * holds them back for up to 10 ms).
 *
 * @throws {SystemError} ENODEV once the cgroup is gone; ETIMEDOUT.
 */
export async function waitForCgroupFile(
  directory: CgroupDirectory,
  key: string,
  isWanted: (text: string) => boolean,
  { signal, timeoutMs }: CgroupWaitOptions,
): Promise<string> {
  throwIfAborted(signal);
  const now = directory.read(key);
  if (isWanted(now)) return now;
  let stop = (): void => {};
  let timer: NodeJS.Timeout | undefined;
  let onAbort = (): void => {};
  try {
    return await new Promise<string>((resolve, reject) => {
      const listener: CgroupListener = {
        wake() {
          try {
            const text = directory.read(key);
            if (isWanted(text)) resolve(text);
          } catch (error) {
            listener.fail(error as Error);
          }
        },
        fail: reject,
      };
      stop = directory.pinned((pinned) =>
        listenToPaths(
          [
            { path: `${pinned}/${key}`, mask: IN_MODIFY },
            { path: dirname(directory.path), mask: IN_DELETE },
          ],
          listener,
        ),
      );
      if (timeoutMs !== undefined) {
        timer = setTimeout(
          () => reject(new SystemError({ code: 'ETIMEDOUT', syscall: 'poll', path: directory.path })),
          timeoutMs,
        );
      }
      onAbort = () => reject(signal?.reason as Error);
      signal?.addEventListener('abort', onAbort, { once: true });
      listener.wake();
    });
  } finally {
    stop();
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
  }
}
