import { closeSync, constants, ftruncateSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { undoAtExit } from './internal/at-exit.ts';
import { startPowerSwitch } from './internal/power-switch.ts';
import { unmount } from './internal/unmount.ts';
import type { Mount } from './mount-tmpfs.ts';
import { runTool } from './run-tool.ts';
import { temporaryDirectory } from './temporary-directory.ts';

/** A file system on a loop device, whose power can be cut. */
export interface ImageMount extends Mount {
  readonly type: 'ext4' | 'xfs';
  /**
   * Cuts the power: nothing that has not reached the disk by now ever will, and every later write fails with EIO.
   * End the processes that use the mount, then `remount()`.
   */
  shutdown(): Promise<void>;
  /** Unmounts and mounts again: the file system recovers from its journal, as at a boot. */
  remount(): void;
  /** Checks the file system with its own tool, while it is not mounted, and throws with the findings. */
  checkFileSystem(): void;
}

/** Smallest sizes that the mkfs of each file system takes, with room for a test. The image is sparse. */
const DEFAULT_MB = { ext4: 32, xfs: 300 };

const MKFS = {
  ext4: ['mkfs.ext4', '-q', '-F', '-E', 'lazy_itable_init=0,lazy_journal_init=0,nodiscard'],
  xfs: ['mkfs.xfs', '-q', '-f', '-K'],
} as const;

const FSCK = { ext4: ['e2fsck', '-f', '-n'], xfs: ['xfs_repair', '-n'] } as const;

/**
 * Makes a file system in a sparse image file and mounts it on a loop device.
 *
 * Platform: Linux, `needs('loop-mount', 'python3')`, and `'xfsprogs'` for xfs.
 *
 * @param options `sizeMb` (default 32 for ext4, 300 for xfs, the least that mkfs.xfs takes).
 */
export function mountImage(type: 'ext4' | 'xfs', options: { sizeMb?: number } = {}): ImageMount {
  const directory = temporaryDirectory(`osx-${type}`);
  const undo: (() => void)[] = [() => directory[Symbol.dispose]()];
  const undoAll = (): void => {
    const errors: unknown[] = [];
    for (const step of undo.splice(0).toReversed()) {
      try {
        step();
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0) throw new AggregateError(errors, `the ${type} image was not taken down cleanly`);
  };
  try {
    const image = join(directory.path, 'image');
    const path = join(directory.path, 'mnt');
    mkdirSync(path);
    sparseFile(image, (options.sizeMb ?? DEFAULT_MB[type]) * 1024 * 1024);
    const [mkfs, ...mkfsOptions] = MKFS[type];
    runTool(mkfs, [...mkfsOptions, image]);
    const device = runTool('losetup', ['--find', '--show', image]).trim();
    undo.push(() => runTool('losetup', ['--detach', device]));
    let mounted = false;
    const mount = (): void => {
      runTool('mount', ['-t', type, device, path]);
      mounted = true;
    };
    const unmountNow = (): void => {
      if (!mounted) return;
      mounted = false;
      unmount(path);
      waitUntilFree(device);
    };
    undo.push(unmountNow);
    mount();
    const keep = undoAtExit(undoAll);
    return {
      type,
      path,
      async shutdown() {
        await using power = await startPowerSwitch(path);
        await power.cut();
      },
      remount() {
        unmountNow();
        mount();
      },
      checkFileSystem() {
        unmountNow();
        const [fsck, ...fsckOptions] = FSCK[type];
        runTool(fsck, [...fsckOptions, device]);
        mount();
      },
      [Symbol.dispose]() {
        keep();
        undoAll();
      },
    };
  } catch (error) {
    undoAll();
    throw error;
  }
}

const GIVE_UP_AFTER_MS = 20_000;

/**
 * A mount namespace that was made meanwhile (a child that ran as another user) has a copy of the mount, and the file
 * system lives on in it, with its power cut: mounting the device again would only show that one.
 */
function waitUntilFree(device: string): void {
  const deadline = performance.now() + GIVE_UP_AFTER_MS;
  for (;;) {
    try {
      // O_EXCL on a block device: EBUSY while it is mounted anywhere (open(2)).
      closeSync(openSync(device, constants.O_RDONLY | constants.O_EXCL));
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EBUSY' || performance.now() > deadline) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
    }
  }
}

function sparseFile(path: string, sizeBytes: number): void {
  const fd = openSync(path, 'wx');
  try {
    ftruncateSync(fd, sizeBytes);
  } finally {
    closeSync(fd);
  }
}
