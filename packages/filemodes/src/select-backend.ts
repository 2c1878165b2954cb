import { createRequire } from 'node:module';

import { UnsupportedError } from '@osx/errors';

/** O_CLOEXEC, which `fs.constants` lacks. */
export function closeOnExecFlag(): number {
  if (process.platform === 'linux' || process.platform === 'darwin')
    return loadNativeFfi().platformConstants().O_CLOEXEC;
  throw new UnsupportedError({ feature: 'O_CLOEXEC by number', requires: 'Linux or macOS' });
}

/**
 * O_PATH: a descriptor that pins a file, whatever it is, without opening it.
 *
 * @throws {UnsupportedError} `ENOTSUP` on another system.
 */
export function pathOnlyFlag(feature: string): number {
  if (process.platform === 'linux') return loadNativeFfi().linuxConstants().O_PATH;
  throw new UnsupportedError({ feature, requires: 'Linux: O_PATH and /proc/self/fd' });
}

/** Needed for numbers only: a static import would cost each program that parses a mode some milliseconds. */
function loadNativeFfi(): typeof import('@osx/native-ffi') {
  return createRequire(import.meta.url)('@osx/native-ffi') as typeof import('@osx/native-ffi');
}
