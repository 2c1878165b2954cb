import { throwIfAborted, toBytes, type PathLike } from '@osx/errors';

import type { AtomicOptions } from './atomic-options.ts';
import { runSync } from './internal/protocol.ts';
import { runWrite } from './internal/run-write.ts';
import { inOrder, queueKey } from './internal/target-queue.ts';
import { writeFile } from './internal/write-protocol.ts';
import { checkRequest } from './internal/write-request.ts';

/** What can be written: bytes are bytes, whatever the type of the view. */
export type FileData = string | ArrayBufferView | ArrayBuffer;

export interface WriteFileAtomicOptions extends AtomicOptions {
  /** How a string becomes bytes; default `utf8`. */
  encoding?: BufferEncoding | undefined;
  /** Fail with EEXIST when the path is taken, be it by a dangling symlink. Never replaces, whoever races. */
  exclusive?: boolean | undefined;
}

/**
 * Puts new content at a path in one step: whoever reads it, and whatever dies meanwhile, finds the old content or the new,
 * whole.
 *
 * The content goes to a temporary beside the target (`.NAME.RANDOM.WRITER.osx-tmp`, mode 0600), with the old file's mode,
 * owner and extended attributes; it is synced, closed and renamed. When the promise resolves with durability `full`, the
 * default, the write survives a power cut. Calls for one path apply in the order of the calls.
 *
 * **Platform**: Linux; macOS written, not run. Needs native calls only for extended attributes and ACLs (skipped where
 * there are none) and for `rootDirectory`.
 *
 * **Gotchas**: the file is a new inode: hard links and open descriptors keep the old content, and a file that is itself a
 * mount point cannot be replaced (EBUSY). Do not change `data` before the promise settles. `full` needs permission
 * to read the directory. A killed process leaves its temporary; see {@link sweepTemporaries}.
 *
 * @param path The file. A trailing slash, `.` or `..` is EISDIR.
 * @param data The whole new content.
 * @throws {SystemError} what open(2), write(2), fsync(2) and rename(2) list, said of `path`: ENOSPC, EDQUOT, EIO, EACCES,
 * EROFS, ENOENT, ELOOP; EISDIR for a directory, EINVAL for a FIFO, socket or device; EXDEV for a way out of
 * `rootDirectory`. The target is untouched and the temporary removed. `ERR_OSX_NOT_DURABLE`: committed, but the
 * directory's fsync failed.
 * @throws the signal's reason, when aborted before the commit.
 *
 * @example
 * ```ts
 * import { writeFileAtomic } from '@osx/atomics';
 *
 * await writeFileAtomic('settings.json', JSON.stringify({ theme: 'dark' }));
 * await writeFileAtomic('token', 's3cret', { mode: 0o600, exclusive: true });
 * ```
 *
 * @see https://man7.org/linux/man-pages/man2/rename.2.html
 */
export async function writeFileAtomic(path: PathLike, data: FileData, options?: WriteFileAtomicOptions): Promise<void> {
  const request = checkRequest(path, options);
  const bytes = toBytes('data', data, options?.encoding);
  throwIfAborted(request.signal);
  await inOrder(queueKey(request.path), request.signal, () => runWrite(request, bytes));
}

/**
 * The blocking twin of {@link writeFileAtomic}: the same steps, without waiting for asynchronous writes under way.
 *
 * @example
 * ```ts
 * import { writeFileAtomicSync } from '@osx/atomics';
 *
 * writeFileAtomicSync('state', new Uint8Array([1, 2, 3]), { durability: 'file' });
 * ```
 */
export function writeFileAtomicSync(path: PathLike, data: FileData, options?: WriteFileAtomicOptions): void {
  const request = checkRequest(path, options);
  const bytes = toBytes('data', data, options?.encoding);
  throwIfAborted(request.signal);
  runSync(writeFile(request, bytes));
}
