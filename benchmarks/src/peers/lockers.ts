import { closeSync, constants, openSync, writeFileSync } from 'node:fs';

/** Waits for the lock, and gives the way to release it. */
export type Locker = () => Promise<() => unknown>;

/** Each loads its own package only: the process of one is not slowed down by the others. */
export const lockers: Record<string, (path: string, scratch: string) => Promise<Locker>> = {
  async lockFile(path) {
    const { lockFile } = await import('@osx/fcntl');
    return async () => {
      const lock = await lockFile(path);
      return () => lock.release();
    };
  },

  /** Asks every 10 ms, which its default (1 s and more) would be helpless against; 2 s is the least it allows as stale. */
  async 'proper-lockfile'(path) {
    const { default: properLockfile } = await import('proper-lockfile');
    writeFileSync(path, '');
    const retries = { forever: true, factor: 1, minTimeout: 10, maxTimeout: 10 };
    return () => properLockfile.lock(path, { stale: 2000, retries });
  },

  async 'fs-native-extensions'(path) {
    const { waitForLock } = await import('fs-native-extensions');
    return async () => {
      const fd = opened(path);
      await waitForLock(fd);
      return () => closeSync(fd);
    };
  },

  async 'fs-ext flock'(path, scratch) {
    const { loadFsExt } = await import('./load-fs-ext.ts');
    const fsExt = loadFsExt(scratch);
    if (fsExt === undefined) throw new Error('fs-ext does not build here');
    return async () => {
      const fd = opened(path);
      await new Promise<void>((resolve, reject) => {
        fsExt.flock(fd, 'ex', (error) => (error === null || error === undefined ? resolve() : reject(error)));
      });
      return () => closeSync(fd);
    };
  },
};

function opened(path: string): number {
  return openSync(path, constants.O_RDWR | constants.O_CREAT);
}
