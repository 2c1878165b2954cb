import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const directories = new Set<string>();

/** Makes an empty directory outside the tree. It is removed when the process ends, a signal included. */
export function scratchDirectory(name: string): string {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), `osx-${name}-`)));
  if (directories.size === 0) {
    process.once('exit', removeAll);
    process.once('SIGINT', () => process.exit(130));
    process.once('SIGTERM', () => process.exit(143));
  }
  directories.add(directory);
  return directory;
}

/** Removes it now. */
export function removeScratchDirectory(directory: string): void {
  directories.delete(directory);
  rmSync(directory, { recursive: true, force: true });
}

function removeAll(): void {
  for (const directory of directories) rmSync(directory, { recursive: true, force: true });
}
