import { checkOptions, checkPath, SystemError } from '@osx/errors';
import type { PathLike } from '@osx/errors';

import { checkId, readIdFile } from './internal/read-id.ts';

export interface MachineIdOptions {
  /** `/etc/machine-id` by default; another for a container's or image's. */
  path?: PathLike | undefined;
}

/**
 * The id of this installation, the same for as long as it lives: 32 hexadecimal digits.
 *
 * **Platform**: where there is `/etc/machine-id`: systemd's and most other Linux systems.
 *
 * **Gotchas**: it is confidential: do not send it over a network or store it where others read it, but
 * `appSpecificMachineId()`. Containers and cloned images may share one.
 *
 * @throws {SystemError} `ENOENT`; `ENOPKG` when it is `uninitialized`, as in an image before its first boot; `ENOMEDIUM` when it
 *   is empty or all zeros; `EUCLEAN` when it is something else.
 * @example
 * ```ts
 * import { machineId } from '@osx/systemd';
 *
 * try {
 *   console.log(machineId().length); // 32
 * } catch (error) {
 *   console.error('this machine has no id:', error);
 * }
 * ```
 * @see https://www.freedesktop.org/software/systemd/man/latest/machine-id.html
 */
export function machineId(options: MachineIdOptions = {}): string {
  const { path: given = '/etc/machine-id' } = checkOptions('options', options) as MachineIdOptions;
  const path = checkPath('options.path', given);
  const text = readIdFile(path);
  if (text === 'uninitialized') {
    const message = 'this system has not been given an id yet';
    throw new SystemError({ code: 'ENOPKG', syscall: 'read', path, message });
  }
  return checkId(text, path);
}
