import { chmodSync, mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { undoAtExit } from './internal/at-exit.ts';

const TMPFS_MAGIC = 0x01021994;

/** A directory of its own for one test. */
export interface TemporaryDirectory {
  readonly path: string;
  [Symbol.dispose](): void;
}

/**
 * Makes an empty directory that is removed, with all it holds, when it is disposed.
 *
 * @param prefix Starts the directory's name.
 * @param options `on: 'disk'` (default) avoids a temporary directory in memory, `on: 'tmpfs'` asks for one (/dev/shm);
 * `mode` opens the directory to other users (default 0700).
 */
export function temporaryDirectory(
  prefix = 'osx-test',
  options: { on?: 'disk' | 'tmpfs'; mode?: number } = {},
): TemporaryDirectory {
  const path = mkdtempSync(join(options.on === 'tmpfs' ? '/dev/shm' : diskDirectory(), `${prefix}-`));
  if (options.mode !== undefined) chmodSync(path, options.mode);
  const remove = (): void => rmSync(path, { recursive: true, force: true, maxRetries: 3 });
  const keep = undoAtExit(remove);
  return {
    path,
    [Symbol.dispose]() {
      keep();
      remove();
    },
  };
}

function diskDirectory(): string {
  const usual = tmpdir();
  return process.platform === 'linux' && statfsSync(usual).type === TMPFS_MAGIC ? '/var/tmp' : usual;
}
