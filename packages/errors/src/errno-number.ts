import { errnoTable } from './internal/errno/errno-table.ts';

/**
 * The number of an errno name, positive as in errno.h; `undefined` for a name the platform does not have.
 *
 * **Platform**: see {@link errnoName}.
 *
 * @param name Such as `ENOLCK`; aliases (`EWOULDBLOCK`, `EDEADLOCK`, `EOPNOTSUPP`) included; case matters.
 * @param platform As in `process.platform`; default: this one.
 * @example
 * ```ts
 * import { errnoNumber } from '@osx/errors';
 *
 * console.log(errnoNumber('ESTALE', 'linux'), errnoNumber('ESTALE', 'darwin')); // 116 70
 * ```
 * @see {@link https://man7.org/linux/man-pages/man3/errno.3.html errno(3)}
 */
export function errnoNumber(name: string, platform: string = process.platform): number | undefined {
  return errnoTable(platform)?.numbers.get(name);
}
