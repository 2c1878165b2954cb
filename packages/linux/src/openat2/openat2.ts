import {
  checkFd,
  checkInteger,
  checkOneOf,
  checkOptions,
  checkPath,
  invalidArgType,
  invalidArgValue,
  UnsupportedError,
  type PathLike,
} from '@osx/errors';
import { Fd, type FdLike } from '@osx/fds';
import {
  checked,
  defineSyscall,
  linuxConstants,
  nonNegativeOrErrorRetryEintr,
  ownByNode,
  toCString,
} from '@osx/native-ffi';

import { EINVAL, ENOSYS } from '../internal/errno-numbers.ts';
import { openHowStruct } from '../internal/open-how.ts';
import { RESOLVE } from '../internal/openat2-constants.ts';

const call = defineSyscall({
  number: 'SYS_openat2',
  parameters: ['int', 'pointer', 'pointer', 'size_t'],
  decode: nonNegativeOrErrorRetryEintr,
});

/**
 * RESOLVE_* of <linux/openat2.h>.
 *
 * - `beneath`: nothing may lead out of the start directory, not even for a moment (EXDEV).
 * - `in-root`: the start directory is `/`, for absolute paths, `..` and symlinks.
 * - `no-symlinks`: no symlink anywhere in the path, magic ones included (ELOOP). Stricter than O_NOFOLLOW, which looks at
 *   the last component only.
 * - `no-magiclinks`: no magic link, such as `/proc/PID/fd/N`, which leads wherever it likes (ELOOP).
 * - `no-xdev`: no mount point crossed, bind mounts included (EXDEV).
 * - `cached`: only what the kernel has in memory, without waiting; else EAGAIN (Linux 5.12).
 */
export type ResolveRule = keyof typeof RESOLVE;

export interface Openat2Options {
  /** O_* of `fs.constants`; default O_RDONLY. O_CLOEXEC is always added. */
  flags?: number | undefined;
  /** Permission bits of a file that O_CREAT makes, before the umask; default 0 as in C, and only allowed with O_CREAT or O_TMPFILE. */
  mode?: number | undefined;
  /** How the path may be walked; default: as open(2) does. Not `beneath` and `in-root` together. */
  resolve?: readonly ResolveRule[] | undefined;
}

/**
 * Opens a path under rules for its resolution that the kernel enforces in the same step, so no race can break them.
 *
 * `beneath` refuses everything that leads out of the start directory: an absolute path, `..` above it, a symlink to
 * the outside (EXDEV). `in-root` treats the start directory as `/` instead. Unlike open(2), unknown flags are EINVAL.
 *
 * **Platform** Linux 5.6; `cached` 5.12. Works in Workers; the descriptor is closed when the Worker ends.
 *
 * **Gotchas** EAGAIN: the kernel saw a rename somewhere while it resolved a `..` and could not be sure; try again.
 *
 * @param directory Start of a relative path: an `Fd`, its number, or `null` for the current directory.
 * @param path Path to open.
 * @returns An owning, close-on-exec `Fd`; close it.
 * @throws {UnsupportedError} where the kernel or a seccomp filter has no openat2, and for `cached` before Linux 5.12.
 * @throws {SystemError} EXDEV, ELOOP, EAGAIN, ENOENT, EINVAL, EACCES and what else open(2) lists.
 *
 * @example
 * ```ts
 * import { mkdirSync, writeFileSync } from 'node:fs';
 * import { open } from '@osx/fds';
 * import { openat2 } from '@osx/linux/openat2';
 *
 * mkdirSync('root');
 * writeFileSync('root/inside', '');
 * using root = open('root', 'r');
 * using inside = openat2(root, 'inside', { resolve: ['beneath'] });
 * console.log(inside.number > 2); // true
 * try {
 *   openat2(root, '../outside', { resolve: ['beneath'] });
 * } catch (error) {
 *   console.log((error as NodeJS.ErrnoException).code); // EXDEV
 * }
 * ```
 *
 * @see https://man7.org/linux/man-pages/man2/openat2.2.html
 */
export function openat2(directory: FdLike | null, path: PathLike, options?: Openat2Options): Fd {
  const { AT_FDCWD, O_CLOEXEC } = linuxConstants();
  const start = directory === null ? AT_FDCWD : checkFd('directory', numberOf(directory));
  const target = checkPath('path', path);
  const { flags = 0, mode = 0, resolve = [] } = checkOptions('options', options);
  checkInteger('options.flags', flags, { min: 0, max: 0x7fff_ffff });
  checkInteger('options.mode', mode, { min: 0, max: 0o7777 });
  const how = openHowStruct.pack({
    flags: BigInt(flags | O_CLOEXEC),
    mode: BigInt(mode),
    resolve: BigInt(resolveBits(resolve)),
  });
  const result = call(start, toCString(target), how, how.length);
  if (result === -ENOSYS) {
    throw new UnsupportedError({ feature: 'openat2', requires: 'Linux 5.6, and no seccomp filter against it' });
  }
  if (result === -EINVAL && resolve.includes('cached') && !knowsCached()) {
    throw new UnsupportedError({ feature: 'RESOLVE_CACHED', requires: 'Linux 5.12', syscall: 'openat2' });
  }
  return Fd.adopt(ownByNode(checked(result, 'openat2', { path: target })), { origin: 'node' });
}

function numberOf(directory: FdLike): number {
  return typeof directory === 'object' ? directory.number : directory;
}

/** Flags are looked at before the path: with an empty one the kernel says ENOENT, or EINVAL for a rule that it does not know. */
function knowsCached(): boolean {
  const how = openHowStruct.pack({ resolve: BigInt(RESOLVE.cached) });
  return call(linuxConstants().AT_FDCWD, toCString(''), how, how.length) !== -EINVAL;
}

function resolveBits(rules: readonly ResolveRule[]): number {
  if (!Array.isArray(rules)) throw invalidArgType('options.resolve', 'an array', rules);
  const names = Object.keys(RESOLVE) as ResolveRule[];
  let bits = 0;
  for (const rule of rules) bits |= RESOLVE[checkOneOf('options.resolve', rule, names)];
  const both = RESOLVE.beneath | RESOLVE['in-root'];
  if ((bits & both) === both) throw invalidArgValue('options.resolve', 'given beneath or in-root, not both', rules);
  return bits;
}
