import { runTool } from '../run-tool.ts';

const GIVE_UP_AFTER_MS = 3_000;

/**
 * Unmounts `path`. While it is busy (a killed process is still closing its files) it tries again; in the end it detaches
 * the mount and throws, so that no mount stays and the user of the mount is named.
 */
export function unmount(path: string): void {
  const deadline = performance.now() + GIVE_UP_AFTER_MS;
  for (;;) {
    try {
      runTool('umount', [path]);
      return;
    } catch (error) {
      if (!String(error).includes('busy')) throw error;
      if (performance.now() > deadline) {
        runTool('umount', ['--lazy', path]);
        throw error;
      }
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
    }
  }
}
