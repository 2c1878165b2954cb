import fs from 'node:fs';

import {
  UnsupportedError,
  checkAbortSignal,
  checkOneOf,
  checkOptions,
  checkPath,
  throwIfAborted,
  type PathLike,
} from '@osx/errors';

import { runAsync } from './internal/calls.ts';
import { explain } from './internal/explain.ts';
import { directoryPrefix, joinPath, toFilePath, withoutTrailingSlashes } from './internal/file-path.ts';
import { findDirectory } from './internal/find-directory.ts';
import { sweepOne, type Ground } from './internal/sweep-one.ts';
import { parseTemporaryName } from './internal/temporary-name.ts';

/** Options of {@link sweepTemporaryFiles}. */
export interface SweepOptions {
  /**
   * What to do with temporaries whose owner cannot be judged from here: of another machine or container on a shared file system, or
   * without native calls. `keep` (default), or `remove`, by which the caller vouches that nobody uses them.
   */
  readonly foreign?: 'keep' | 'remove' | undefined;
  /** Ends the sweep between two temporaries. */
  readonly signal?: AbortSignal | undefined;
}

/** A temporary that was left where it is. */
export interface UnsweptTemporary {
  readonly path: string | Buffer;
  /**
   * `live`: its owner lives, or another sweep is at it. `kept`: was left on purpose. `foreign`: it cannot be known from here whether
   * its owner lives. `failed`: it could not be looked at, or not be removed.
   */
  readonly reason: 'live' | 'kept' | 'foreign' | 'failed';
  /** Why it failed. */
  readonly error?: unknown;
}

/** What a sweep did. */
export interface SweepResult {
  readonly removed: readonly (string | Buffer)[];
  readonly kept: readonly UnsweptTemporary[];
}

/**
 * Removes the temporary files and directories that dead owners left in a directory; those of living ones are not touched.
 *
 * The proof is the lock that every owner holds, from before its temporary can be found, until it is gone, and that the kernel drops at
 * that moment, whatever the end; a Worker's at the Worker's end. Where a lock proves nothing the name tells
 * the owner's boot, namespaces, pid and start time. Age says nothing: a stopped process may go on tomorrow. Only names that
 * this package gives are looked at; subdirectories are not searched.
 *
 * Safe at any time and side by side with other sweeps, also as root in a directory that everybody may write to.
 *
 * **Platform** Linux, with native calls; without them only what the name tells is known.
 *
 * **Gotchas** What was copied or moved into the directory under such a name is litter like any other.
 *
 * @param directory Default: {@link defaultTemporaryDirectory}.
 * @returns What was removed, and what was left and why.
 * @throws {TypeError|RangeError} on a bad argument.
 * @throws {SystemError} ENOENT, ENOTDIR, EACCES on reading the directory.
 * @throws {UnsupportedError} ENOTSUP on other systems.
 * @example
 * ```ts
 * import { sweepTemporaryFiles } from '@osx/tempfiles';
 *
 * const { removed } = await sweepTemporaryFiles('.'); // as a daemon starts
 * console.log(removed.length); // 0
 * ```
 * @see https://man7.org/linux/man-pages/man2/flock.2.html
 */
export async function sweepTemporaryFiles(directory?: PathLike, options?: SweepOptions): Promise<SweepResult> {
  const path =
    directory === undefined ? findDirectory(process.env).path : toFilePath(checkPath('directory', directory));
  const { foreign = 'keep', signal } = checkOptions('options', options) as SweepOptions;
  checkOneOf('options.foreign', foreign, ['keep', 'remove']);
  const abortSignal = checkAbortSignal('options.signal', signal);
  if (process.platform !== 'linux') {
    throw new UnsupportedError({ feature: 'proving that an owner is gone', requires: 'Linux' });
  }
  throwIfAborted(abortSignal);
  const prefix = directoryPrefix(path);
  const { names, ground } = await look(prefix, foreign);
  const removed: (string | Buffer)[] = [];
  const kept: UnsweptTemporary[] = [];
  for (const name of names) {
    throwIfAborted(abortSignal);
    const found = toFilePath(Buffer.concat([Buffer.from(prefix as string), name]));
    const owner = parseTemporaryName(name.toString('latin1'));
    if (owner === undefined) continue;
    try {
      const verdict = await runAsync(sweepOne(found, owner, ground));
      if (verdict === 'removed') removed.push(found);
      else if (verdict !== 'not-ours') kept.push({ path: found, reason: verdict });
    } catch (error) {
      kept.push({ path: found, reason: 'failed', error: explain(error, found) });
    }
  }
  return { removed, kept };
}

async function look(prefix: string | Buffer, foreign: Ground['foreign']): Promise<{ names: Buffer[]; ground: Ground }> {
  try {
    const names = await fs.promises.readdir(prefix, { encoding: 'buffer' });
    return { names, ground: { fileSystem: await fs.promises.statfs(joinPath(prefix, '.')), foreign } };
  } catch (error) {
    throw explain(error, withoutTrailingSlashes(prefix));
  }
}
