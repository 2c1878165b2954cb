import { readFileSync } from 'node:fs';

/** The watch descriptors that the kernel has for an inotify descriptor: the `inotify wd:` lines (hex) of its fdinfo. */
export function readWatchDescriptors(fd: number): Set<number> {
  const fdinfo = readFileSync(`/proc/self/fdinfo/${fd}`, 'latin1');
  return new Set(
    Array.from(fdinfo.matchAll(/^inotify wd:([0-9a-f]+) /gm), ([, wd]) => Number.parseInt(wd as string, 16)),
  );
}
