import fs from 'node:fs';

import { checkFunction, checkTimeoutMs, hasCode, throwIfAborted, toBytes, type PathLike } from '@osx/errors';
import type { FileLock } from '@osx/fcntl';

import type { AtomicOptions } from './atomic-options.ts';
import { explain } from './internal/explain.ts';
import { joinPath, type FilePath } from './internal/file-path.ts';
import type { Place } from './internal/place.ts';
import { runAsync } from './internal/protocol.ts';
import { refuse } from './internal/refuse.ts';
import { resolveTarget } from './internal/resolve-target.ts';
import { runWrite } from './internal/run-write.ts';
import { inOrder, queueKey } from './internal/target-queue.ts';
import { checkRequest, type WriteRequest } from './internal/write-request.ts';
import type { FileData } from './write-file-atomic.ts';

export interface UpdateFileAtomicOptions extends AtomicOptions {
  /** How a string becomes bytes; default `utf8`. */
  encoding?: BufferEncoding | undefined;
  /** How long to wait for the lock, in milliseconds; default: without limit. Then ETIMEDOUT. */
  timeoutMs?: number | undefined;
}

/**
 * Reads a file, has it changed, and writes it back, while every other `updateFileAtomic` on it waits, in this process and
 * in all others: no update is lost.
 *
 * The lock is on a file beside the target, `NAME.lock`, that is made once and stays: the target itself is replaced by
 * every write, and a lock on it would be a lock on what was there before. The kernel drops the lock of a holder that dies;
 * the waiters proceed. The content is written as by {@link writeFileAtomic}.
 *
 * **Platform**: Linux; macOS written, not run. Needs native calls.
 *
 * **Gotchas**: excludes those who ask for the lock, not plain writers. Updating the same file from within the callback
 * waits for itself, forever or for `timeoutMs`. Whoever may update must be able to write `NAME.lock`, which is made with
 * 0666 less the umask. Never remove `NAME.lock` while somebody may use it.
 *
 * @param path The file. Symlinks are followed first, so that all names of one file share one lock.
 * @param update Gets the content, or `null` when there is no file, and returns the new content, or `null` for no change;
 * may be async. When it throws, the file stays as it is.
 * @throws what `update` throws; the signal's reason.
 * @throws {SystemError} as {@link writeFileAtomic}; ETIMEDOUT.
 * @throws {UnsupportedError} where there is no native layer to lock with.
 *
 * @example
 * ```ts
 * import { updateFileAtomic } from '@osx/atomics';
 *
 * const count = (current: Buffer | null) => String(Number(current ?? 0) + 1);
 * await Promise.all([1, 2, 3].map(() => updateFileAtomic('counter', count)));
 * await updateFileAtomic('counter', (current) => (console.log(String(current)), null)); // 3
 * ```
 *
 * @see https://man7.org/linux/man-pages/man2/F_OFD_SETLK.2const.html
 */
export async function updateFileAtomic(
  path: PathLike,
  update: (current: Buffer | null) => FileData | null | Promise<FileData | null>,
  options?: UpdateFileAtomicOptions,
): Promise<void> {
  const request = checkRequest(path, options);
  checkFunction('update', update);
  const timeoutMs = checkTimeoutMs('options.timeoutMs', options?.timeoutMs);
  throwIfAborted(request.signal);
  const { lock, place } = await lockTarget(request, timeoutMs);
  try {
    const data = await update(await readCurrent(request, place));
    if (data === null) return;
    const bytes = toBytes('the value that update returned', data, options?.encoding);
    throwIfAborted(request.signal);
    await inOrder(queueKey(request.path), request.signal, () => runWrite(request, bytes));
  } finally {
    lock.release();
    place.pin?.close();
  }
}

/** Locks what the path leads to; if a symlink on the way was changed while we waited, what it leads to now. */
async function lockTarget(
  request: WriteRequest,
  timeoutMs: number | undefined,
): Promise<{ lock: FileLock; place: Place }> {
  const { lockFile } = await import('@osx/fcntl');
  const deadline = timeoutMs === undefined ? undefined : performance.now() + timeoutMs;
  for (;;) {
    // One after the other, so that the calls queue for the lock in their order.
    const place = await inOrder(`look ${queueKey(request.path)}`, request.signal, () => look(request));
    let lock: FileLock | undefined;
    try {
      const remaining = deadline === undefined ? undefined : Math.max(0, deadline - performance.now());
      lock = await lockFile(lockPath(place), { signal: request.signal, timeoutMs: remaining });
      const now = await look(request);
      now.pin?.close();
      if (sameFile(place, now)) return { lock, place };
    } catch (error) {
      lock?.release();
      place.pin?.close();
      throw explain(error, request.asked);
    }
    lock.release();
    place.pin?.close();
  }
}

async function look(request: WriteRequest): Promise<Place> {
  try {
    const { place, stats } = await runAsync(resolveTarget(request));
    try {
      refuse(request, stats);
    } catch (error) {
      place.pin?.close();
      throw error;
    }
    return place;
  } catch (error) {
    throw explain(error, request.asked);
  }
}

function lockPath(place: Place): FilePath {
  return joinPath(joinPath(place.prefix, place.name), '.lock');
}

function sameFile(a: Place, b: Place): boolean {
  const text = ({ prefix, inside, name }: Place): string => [inside ?? prefix, name].map(String).join('\0');
  return text(a) === text(b);
}

async function readCurrent(request: WriteRequest, place: Place): Promise<Buffer | null> {
  const { O_RDONLY, O_NOFOLLOW } = fs.constants;
  const path = joinPath(place.prefix, place.name);
  try {
    // With a root, whatever is there now must not lead out of it.
    const handle = await fs.promises.open(path, O_RDONLY | (place.pin === undefined ? 0 : O_NOFOLLOW));
    try {
      return await handle.readFile();
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return null;
    throw explain(error, request.asked);
  }
}
