import { UnsupportedError, hasCode } from '@osx/errors';

import { findBackend } from '../select-backend.ts';
import type { FilePath } from './file-path.ts';
import { make, together, type Protocol } from './protocol.ts';

/**
 * Renames unless the new name is taken (EEXIST). Where the kernel call is missing, or the file system refuses the flag,
 * by a second link and the removal of the first name: as safe against replacing, but for a moment both names are there.
 *
 * Each call asks anew: EINVAL belongs to one file system, and to impossible renames, not to this process.
 */
export function* renameWithoutReplacing(from: FilePath, to: FilePath): Protocol<void> {
  const backend = findBackend();
  let refusal: Error | undefined;
  if (backend !== undefined) {
    try {
      backend.renameat2(from, to, { noReplace: true });
      return;
    } catch (error) {
      if (!hasCode(error, ['EINVAL', 'ENOSYS', 'EPERM'])) throw error;
      refusal = error;
    }
  }
  yield* linkAndUnlink(from, to, refusal);
}

function* linkAndUnlink(from: FilePath, to: FilePath, refusal: Error | undefined): Protocol<void> {
  const stats = yield* make('lstat', from);
  if (stats.isDirectory()) {
    if (refusal !== undefined) throw refusal;
    throw new UnsupportedError({
      feature: 'renaming a directory without replacing',
      requires: 'renameat2 (Linux 3.15, with @osx/linux installed)',
    });
  }
  try {
    yield* make('link', from, to);
  } catch (error) {
    if (refusal !== undefined && hasCode(error, ['EPERM', 'ENOTSUP', 'EMLINK'])) throw refusal;
    throw error;
  }
  const [removed] = yield* together([['unlink', from]]);
  if (removed.error === undefined) return;
  yield* together([['unlink', to]]);
  throw removed.error;
}
