import { duplicate } from './duplicate.ts';
import type { FdLike } from './fd-like.ts';
import { Fd } from './fd.ts';
import { checkReadBuffer } from './internal/read-buffer.ts';
import { checkTransferOptions, type TransferOptions } from './internal/transfer-options.ts';

/**
 * {@link Fd.read} for a descriptor that is only borrowed: 0, a socket's, another library's.
 *
 * It works on a duplicate of its own, so that the lender may close the number meanwhile, and no recycled number is read.
 * Blocking mode stays as it is.
 *
 * **Gotchas**: two concurrent calls on one number are in no order; adopt or duplicate it and use `Fd.read`.
 *
 * @returns Bytes read; 0 at the end of file.
 * @throws As `Fd.read`; `EMFILE`.
 */
export async function readFd(
  fd: FdLike,
  buffer: NodeJS.ArrayBufferView,
  options: TransferOptions = {},
): Promise<number> {
  if (fd instanceof Fd) return await fd.read(buffer, options);
  checkReadBuffer(buffer);
  checkTransferOptions(options).signal?.throwIfAborted();
  const copy = duplicate(fd);
  try {
    return await copy.read(buffer, options);
  } finally {
    copy.close();
  }
}
