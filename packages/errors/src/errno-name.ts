import { errnoTable } from './internal/errno/errno-table.ts';

/**
 * The name of an errno, such as `ENOLCK` for 37 on Linux; `undefined` for a number the platform does not use.
 *
 * Of several names for one number the one that Node's errors carry is given: `EAGAIN` (not `EWOULDBLOCK`), `EDEADLK`
 * (not `EDEADLOCK`) and, where the two are one number, `ENOTSUP` (not `EOPNOTSUPP`).
 *
 * **Platform**: tables for linux, darwin, freebsd, openbsd and netbsd can be asked on any host. Any other platform is
 * known only to itself, with the names Node knows. The Linux numbers are those of x64, arm64 and every other
 * architecture Node is built for but mips.
 *
 * @param errno Either sign.
 * @param platform As in `process.platform`; default: this one.
 * @example
 * ```ts
 * import { errnoName } from '@osx/errors';
 *
 * console.log(errnoName(-35, 'linux'), errnoName(35, 'darwin')); // EDEADLK EAGAIN
 * ```
 * @see {@link https://man7.org/linux/man-pages/man3/errno.3.html errno(3)}
 */
export function errnoName(errno: number, platform: string = process.platform): string | undefined {
  return errnoTable(platform)?.names.get(Math.abs(errno));
}
