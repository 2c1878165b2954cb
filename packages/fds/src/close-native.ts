import { checkFd, isSystemError } from '@osx/errors';
import { checked, defineCall, zeroOrError } from '@osx/native-ffi';

const close = defineCall({ name: 'close', returns: 'int', parameters: ['int'], decode: zeroOrError });

/**
 * Closes a raw descriptor with the C library, behind Node's back: for numbers that a native call returned.
 *
 * Node counts, in Workers, the descriptors that its own `fs` opened; one that it did not open must not be closed
 * through `fs.closeSync`, and the other way round. An `Fd` knows which is which; prefer one.
 *
 * **Gotchas**: never call it twice for one number. EINTR counts as closed: Linux has freed the number already.
 *
 * @param fd A number that nobody else closes.
 * @throws {TypeError|RangeError} when it is no descriptor number.
 * @throws {SystemError} `EBADF`; `EIO`, `ENOSPC`, `EDQUOT` when data of earlier writes was lost: the number is free
 *   even then.
 * @see https://man7.org/linux/man-pages/man2/close.2.html
 */
export function closeNative(fd: number): void {
  const number = checkFd('fd', fd);
  try {
    checked(close(number), 'close');
  } catch (error) {
    if (!isSystemError(error, 'EINTR')) throw error;
  }
}
