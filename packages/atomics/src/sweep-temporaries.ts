import fs from 'node:fs';

import { UnsupportedError, checkOneOf, checkOptions, type PathLike } from '@osx/errors';

import { removeTree } from './internal/directory-tree.ts';
import { explain } from './internal/explain.ts';
import { checkFilePath, joinPath, toFilePath, withoutTrailingSlashes, type FilePath } from './internal/file-path.ts';
import { isLocalFileSystem } from './internal/is-local-file-system.ts';
import { judgeWriter, type Verdict } from './internal/judge-writer.ts';
import { runAsync } from './internal/protocol.ts';
import { parseTemporaryName } from './internal/temporary-name.ts';

export interface SweepOptions {
  /**
   * What to do with temporaries whose writer cannot be judged from here: in another container, on another machine.
   * `keep` (default), or `remove`, by which the caller vouches that nobody there is writing in this directory.
   */
  foreign?: 'keep' | 'remove' | undefined;
}

/** A temporary that was left where it is. */
export interface KeptTemporary {
  readonly path: string | Buffer;
  /** `live`: its writer lives. `foreign`: that cannot be known from here. `failed`: it could not be removed. */
  readonly reason: 'live' | 'foreign' | 'failed';
  /** Why it could not be removed. */
  readonly error?: unknown;
}

export interface SweepResult {
  readonly removed: readonly (string | Buffer)[];
  readonly kept: readonly KeptTemporary[];
}

/**
 * Removes the temporaries that killed processes left in a directory; those of living processes are not touched.
 *
 * A temporary's name tells its writer: boot, namespaces, pid and start time. It is removed only when that process is
 * proved gone; its age says nothing, because a stopped process may go on tomorrow. Temporaries are files, the unfinished
 * and replaced trees of {@link beginAtomicSwap} too. Subdirectories are not searched.
 *
 * **Platform**: Linux, with `/proc`.
 *
 * **Gotchas**: from inside a container, what a former container left behind is `foreign`: sweep with `foreign: 'remove'`
 * where nobody else has the volume, or from the host's own pid namespace after a reboot. What a Worker that was
 * terminated left is kept as long as its process lives.
 *
 * @param directory Where targets are.
 * @returns What was removed, and what was kept and why.
 * @throws {SystemError} ENOENT, ENOTDIR, EACCES on reading the directory.
 * @throws {UnsupportedError} ENOTSUP on other systems.
 *
 * @example
 * ```ts
 * import { sweepTemporaries } from '@osx/atomics';
 *
 * const { removed, kept } = await sweepTemporaries('.');
 * console.log(removed.length, kept.length); // 0 0
 * ```
 */
export async function sweepTemporaries(directory: PathLike, options?: SweepOptions): Promise<SweepResult> {
  const path = withoutTrailingSlashes(checkFilePath('directory', directory));
  const { foreign = 'keep' } = checkOptions('options', options);
  checkOneOf('options.foreign', foreign, ['keep', 'remove']);
  if (process.platform !== 'linux') {
    throw new UnsupportedError({ feature: 'proving that a writer is gone', requires: 'Linux' });
  }
  const removed: FilePath[] = [];
  const kept: KeptTemporary[] = [];
  for (const found of await temporariesIn(path)) {
    const reason = found.verdict === 'foreign' && foreign === 'remove' ? 'dead' : found.verdict;
    const failure = reason === 'dead' ? await remove(found.path) : undefined;
    if (reason !== 'dead') kept.push({ path: found.path, reason });
    else if (failure !== undefined) kept.push({ path: found.path, reason: 'failed', error: failure.error });
    else removed.push(found.path);
  }
  return { removed, kept };
}

async function temporariesIn(directory: FilePath): Promise<{ path: FilePath; verdict: Verdict }[]> {
  try {
    const names = await fs.promises.readdir(directory, { encoding: 'buffer' });
    const isLocal = isLocalFileSystem(await fs.promises.statfs(directory));
    return names.flatMap((name) => {
      const writer = parseTemporaryName(name.toString('latin1'));
      if (writer === undefined) return [];
      const path = joinPath(joinPath(directory, '/'), toFilePath(name));
      return [{ path, verdict: judgeWriter(writer, isLocal) }];
    });
  } catch (error) {
    throw explain(error, directory);
  }
}

async function remove(path: FilePath): Promise<{ error: unknown } | undefined> {
  try {
    await runAsync(removeTree(path));
    return undefined;
  } catch (error) {
    return { error: explain(error, path) };
  }
}
