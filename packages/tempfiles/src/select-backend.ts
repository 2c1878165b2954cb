import { createRequire } from 'node:module';

import { hasCode } from '@osx/errors';

const LINUX_BACKEND = '@osx/linux/memfd';

/** Files in memory that are no part of the heap: on Linux memfds; elsewhere, and where the optional package was not installed, none. */
export function selectBackend(): typeof import('@osx/linux/memfd') | undefined {
  if (process.platform !== 'linux') return undefined;
  try {
    return createRequire(import.meta.url)(LINUX_BACKEND) as typeof import('@osx/linux/memfd');
  } catch (error) {
    if (hasCode(error, 'MODULE_NOT_FOUND') && error.message.includes(`'${LINUX_BACKEND}'`)) return undefined;
    throw error;
  }
}
