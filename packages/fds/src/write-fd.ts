import { toBytes } from '@osx/errors';

import { duplicate } from './duplicate.ts';
import type { FdLike } from './fd-like.ts';
import { Fd } from './fd.ts';
import { checkTransferOptions, type WriteOptions } from './internal/transfer-options.ts';

/**
 * {@link Fd.write} for a descriptor that is only borrowed: 1, a socket's, another library's.
 *
 * It works on a duplicate of its own, so that the lender may close the number meanwhile. Blocking mode stays as it is.
 *
 * @returns Bytes written, which may be fewer than given.
 * @throws As `Fd.write`; `EMFILE`.
 */
export async function writeFd(
  fd: FdLike,
  data: string | NodeJS.ArrayBufferView,
  options: WriteOptions = {},
): Promise<number> {
  if (fd instanceof Fd) return await fd.write(data, options);
  toBytes('data', data, options?.encoding);
  checkTransferOptions(options).signal?.throwIfAborted();
  const copy = duplicate(fd);
  try {
    return await copy.write(data, options);
  } finally {
    copy.close();
  }
}
