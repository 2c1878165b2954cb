import { mkdtempSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { undoAtExit } from './internal/at-exit.ts';
import { unmount } from './internal/unmount.ts';
import { runTool } from './run-tool.ts';

/** A mounted file system that is unmounted when it is disposed. */
export interface Mount {
  readonly path: string;
  [Symbol.dispose](): void;
}

/**
 * Mounts an empty file system in memory that is full at `sizeBytes`.
 *
 * Platform: Linux, `needs('mount')`.
 */
export function mountTmpfs(options: { sizeBytes: number; readOnly?: boolean }): Mount {
  const path = mkdtempSync(join(tmpdir(), 'osx-tmpfs-'));
  const access = options.readOnly === true ? 'ro' : 'rw';
  try {
    runTool('mount', ['-t', 'tmpfs', '-o', `size=${options.sizeBytes},mode=0777,${access}`, 'osx-test', path]);
  } catch (error) {
    rmdirSync(path);
    throw error;
  }
  const remove = (): void => {
    try {
      unmount(path);
    } finally {
      rmdirSync(path);
    }
  };
  const keep = undoAtExit(remove);
  return {
    path,
    [Symbol.dispose]() {
      keep();
      remove();
    },
  };
}
