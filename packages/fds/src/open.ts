import { constants, openSync } from 'node:fs';

import { checkBoolean, checkInteger, checkOptions, checkPath, type PathLike, withSystemErrors } from '@osx/errors';

import { Fd } from './fd.ts';
import { flagBits } from './internal/flag-bits.ts';

export interface OpenOptions {
  /** Permissions of a new file, before the umask; 0o666 by default. */
  mode?: number | undefined;
  /** Opens in non-blocking mode, which for a FIFO also means: do not wait for its other side. */
  nonblocking?: boolean | undefined;
}

/**
 * Opens a file, FIFO, terminal or device. Close-on-exec always.
 *
 * **Gotchas**: a FIFO opened in blocking mode stops the whole thread until its other side comes: open it
 * `nonblocking`, and the first read waits in the event loop; without a reader a write-only open is `ENXIO`.
 *
 * @param flags As of `fs.open`: `'r'`, `'w'`, `'ax+'` ..., or `fs.constants.O_*` or-ed.
 * @param options The mode alone may be given as a number.
 * @returns Close it.
 * @throws {TypeError|RangeError} on a bad argument, before any system call.
 * @throws {SystemError} as open(2): `ENOENT`, `EACCES`, `EISDIR`, `EEXIST`, `EMFILE`, `ENXIO` ...
 * @example
 * ```ts
 * import { open } from '@osx/fds';
 *
 * using fd = open('notes.txt', 'w', 0o600);
 * await fd.writeAll('written\n');
 * ```
 * @see https://man7.org/linux/man-pages/man2/open.2.html
 */
export function open(path: PathLike, flags: string | number = 'r', options: number | OpenOptions = {}): Fd {
  const checkedPath = checkPath('path', path);
  const { mode = 0o666, nonblocking = false } = (
    typeof options === 'number' ? { mode: options } : checkOptions('options', options)
  ) as OpenOptions;
  checkInteger('mode', mode, { min: 0, max: 0o7777 });
  checkBoolean('options.nonblocking', nonblocking);
  const bits = flagBits(flags) | (nonblocking ? constants.O_NONBLOCK : 0);
  const number = withSystemErrors(() => openSync(checkedPath, bits, mode));
  return Fd.fresh(number, 'node');
}
