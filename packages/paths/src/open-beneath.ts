import { constants, fstatSync } from 'node:fs';

import { checkBoolean, checkInteger, checkOptions, hasCode, SystemError, type PathLike } from '@osx/errors';
import { setNonblocking, type Fd, type FdLike } from '@osx/fds';

import { checkConfined, type BeneathOptions } from './internal/check-confined.ts';
import { flagNumbers } from './internal/flag-numbers.ts';
import { openFlags } from './internal/open-flags.ts';
import { pinRoot } from './internal/pin-root.ts';
import type { Opening } from './internal/walk-beneath.ts';
import { openByAnyWay } from './internal/ways.ts';

export interface OpenBeneathOptions extends BeneathOptions {
  /** Permissions of a new file, before the umask; 0o666 by default. */
  mode?: number | undefined;
  /** Leaves a FIFO or device in non-blocking mode; default false. Opening itself never waits. */
  nonblocking?: boolean | undefined;
}

const DEFAULT_MODE = 0o666;

/**
 * Opens a path that cannot lead out of a directory, whoever swaps what on the way, and at whatever moment.
 *
 * The path is relative to the root. Symbolic links are followed as long as they stay beneath (40 at most); an absolute path, an
 * absolute link (also one to the inside), a `..` above the root are refused with `EXDEV`, and magic links of procfs with `ELOOP`.
 * With O_CREAT the last name is made where it is missing, through a dangling link too.
 *
 * **Platform** openat2(2) on Linux 5.6. Elsewhere, and where a seccomp filter forbids it or the kernel cannot be sure (`EAGAIN`,
 * again and again), each component is opened by itself without following links, which gives the same answers. macOS: not run.
 *
 * **Gotchas**
 * - Opening does not wait: a FIFO for writing without a reader is `ENXIO`. It is done on this thread, as by `fs.openSync`, and slow
 *   where the file system is.
 * - A hard link or a mount point is a way out that no path shows. Mount points can be refused (`crossMounts: false`).
 * - A directory that is moved out of the root after it was passed is still where the path goes on.
 *
 * @param root A directory: its path, followed wherever it leads, or an open descriptor of it, which stays open.
 * @param path A relative path, as text or bytes.
 * @param flags As of `fs.open`: `'r'` (default), `'w'`, `'ax+'` ..., or `fs.constants.O_*` or-ed.
 * @param options See {@link OpenBeneathOptions}.
 * @returns An owning, close-on-exec `Fd`; close it.
 * @throws {TypeError|RangeError} on a bad argument, before any system call.
 * @throws {SystemError} `EXDEV`, `ELOOP`, `ENOENT`, `ENOTDIR`, `EISDIR`, `EEXIST`, `EACCES`, `ENAMETOOLONG` and what else open(2) lists.
 * @throws {UnsupportedError} on systems other than Linux and macOS.
 *
 * @example
 * ```ts
 * import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
 * import { openBeneath } from '@osx/paths';
 *
 * mkdirSync('uploads');
 * writeFileSync('uploads/a.txt', 'text');
 * symlinkSync('/etc', 'uploads/etc');
 *
 * using file = await openBeneath('uploads', 'a.txt');
 * for await (const chunk of file) console.log(chunk.toString()); // text
 * await openBeneath('uploads', 'etc/passwd').catch((error) => console.log(error.code)); // EXDEV
 * ```
 *
 * @see https://man7.org/linux/man-pages/man2/openat2.2.html
 */
export async function openBeneath(
  root: PathLike | FdLike,
  path: PathLike,
  flags: string | number = 'r',
  options?: OpenBeneathOptions,
): Promise<Fd> {
  return openBeneathSync(root, path, flags, options);
}

/** {@link openBeneath}, without a promise. */
export function openBeneathSync(
  root: PathLike | FdLike,
  path: PathLike,
  flags: string | number = 'r',
  options?: OpenBeneathOptions,
): Fd {
  const { mode = DEFAULT_MODE, nonblocking = false } = checkOptions('options', options);
  checkInteger('options.mode', mode, { min: 0, max: 0o7777 });
  checkBoolean('options.nonblocking', nonblocking);
  const asked = openFlags(flags);
  const confined = checkConfined(path, options);
  const root_ = pinRoot(root);
  try {
    const opening = { ...confined, ...bitsOf(asked, mode, confined.asked) };
    const fd = openByAnyWay(root_.fd, opening);
    return mayWait(asked) && !nonblocking ? blocking(fd) : fd;
  } finally {
    root_.close();
  }
}

/** A FIFO would stop this thread until its other side comes, and a terminal could become the process's own. */
function bitsOf(asked: number, mode: number, path: string | Buffer): Pick<Opening, 'flags' | 'mode'> {
  const { O_PATH, O_TMPFILE, O_CLOEXEC } = flagNumbers();
  const { O_CREAT, O_DIRECTORY, O_NOCTTY, O_NOFOLLOW, O_NONBLOCK } = constants;
  if ((asked & O_PATH) !== 0) {
    // openat2 is strict with what open(2) ignores.
    if ((asked & ~(O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)) === 0) return { flags: asked, mode: 0 };
    throw new SystemError({ code: 'EINVAL', syscall: 'openat2', path, message: 'O_PATH goes with no such flag' });
  }
  const makes = (asked & O_CREAT) !== 0 || (O_TMPFILE !== 0 && (asked & O_TMPFILE) === O_TMPFILE);
  return { flags: asked | O_NONBLOCK | O_NOCTTY, mode: makes ? mode : 0 };
}

function mayWait(asked: number): boolean {
  return (asked & (flagNumbers().O_PATH | constants.O_NONBLOCK)) === 0;
}

function blocking(fd: Fd): Fd {
  try {
    setNonblocking(fd, false);
    return fd;
  } catch (error) {
    // Regular files and directories do not mind.
    if (hasCode(error, 'ERR_OSX_NATIVE_UNAVAILABLE') && isIndifferent(fd)) return fd;
    fd.close();
    throw error;
  }
}

function isIndifferent(fd: Fd): boolean {
  const stats = fstatSync(fd.number);
  return stats.isFile() || stats.isDirectory();
}
