import { splitPath, type FilePath } from './file-path.ts';
import { syncDirectory } from './make-directories.ts';
import type { Protocol } from './protocol.ts';
import { notDurable } from './write-protocol.ts';

/** Syncs the directories of two names that were changed. */
export function* syncNames(a: FilePath, b: FilePath): Protocol<void> {
  const first = splitPath(a).prefix;
  const second = splitPath(b).prefix;
  try {
    yield* syncDirectory(first);
    if (first.toString() !== second.toString()) yield* syncDirectory(second);
  } catch (error) {
    throw notDurable({ asked: b }, error);
  }
}
