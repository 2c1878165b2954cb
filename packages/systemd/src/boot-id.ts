import { checkId, readIdFile } from './internal/read-id.ts';

const PATH = '/proc/sys/kernel/random/boot_id';

/**
 * The id of this boot, made anew by the kernel each time: 32 hexadecimal digits, as the journal's `_BOOT_ID`.
 *
 * **Platform**: Linux with /proc. A container has that of its host.
 *
 * @throws {SystemError} `ENOENT` where there is none.
 * @see https://www.freedesktop.org/software/systemd/man/latest/sd_id128_get_machine.html
 */
export function bootId(): string {
  return checkId(readIdFile(PATH).replaceAll('-', ''), PATH);
}
