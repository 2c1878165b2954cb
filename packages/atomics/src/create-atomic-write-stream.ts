import { checkInteger, checkOptions, invalidArgValue, type PathLike } from '@osx/errors';

import { atomicWriteStreamClass, type AtomicWriteStream } from './atomic-write-stream.ts';
import { checkRequest } from './internal/write-request.ts';
import type { WriteFileAtomicOptions } from './write-file-atomic.ts';

export interface AtomicWriteStreamOptions extends WriteFileAtomicOptions {
  /** Bytes to buffer before `write()` returns false; default 65,536. */
  highWaterMark?: number | undefined;
}

const DEFAULT_HIGH_WATER_MARK = 65_536;

/**
 * A Writable whose content appears at the path in one step, when it has all been written: at `finish`.
 *
 * Until then it is in a temporary beside the target. `destroy()`, an error, an abort, or a source that fails in
 * `pipeline` removes the temporary, and the target stays what it was. Options and durability are those of
 * {@link writeFileAtomic}.
 *
 * **Platform**: as {@link writeFileAtomic}.
 *
 * **Gotchas**: `source.pipe(stream)` does not destroy the stream when the source fails; `pipeline` does. When two streams
 * write one path, the last to finish wins.
 *
 * @param path The file.
 * @throws {TypeError|RangeError} on a bad argument, at once; everything else is the stream's `error`.
 * @returns A stream that holds a descriptor until it is finished or destroyed.
 *
 * @example
 * ```ts
 * import { readFileSync } from 'node:fs';
 * import { Readable } from 'node:stream';
 * import { pipeline } from 'node:stream/promises';
 * import { createAtomicWriteStream } from '@osx/atomics';
 *
 * await pipeline(Readable.from(['one\n', 'two\n']), createAtomicWriteStream('lines.txt'));
 * console.log(readFileSync('lines.txt', 'utf8').split('\n').length); // 3
 * ```
 */
export function createAtomicWriteStream(path: PathLike, options?: AtomicWriteStreamOptions): AtomicWriteStream {
  const request = checkRequest(path, options);
  const { encoding = 'utf8', highWaterMark = DEFAULT_HIGH_WATER_MARK } = checkOptions('options', options);
  if (!Buffer.isEncoding(encoding)) throw invalidArgValue('options.encoding', 'a known encoding', encoding);
  checkInteger('options.highWaterMark', highWaterMark, { min: 0 });
  const AtomicWriteStream = atomicWriteStreamClass();
  return new AtomicWriteStream(request, { encoding, highWaterMark });
}
