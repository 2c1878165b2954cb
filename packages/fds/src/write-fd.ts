import { toBytes } from '@osx/errors';

import { checkFdLike, type FdLike } from './fd-like.ts';
import { Fd, type WriteOptions } from './fd.ts';
import { duplicateNumber } from './internal/duplicate-number.ts';
import { checkTransferOptions } from './internal/transfer-options.ts';

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
  const copy = Fd.adopt(duplicateNumber(checkFdLike(fd), {}));
  try {
    return await copy.write(data, options);
  } finally {
    copy.close();
  }
}
