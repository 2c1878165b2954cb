import { createRequire } from 'node:module';

import { hasCode } from '@osx/errors';

/** As much of `@osx/linux/memfd` as spooled files need. */
export type MemfdBackend = Pick<typeof import('@osx/linux/memfd'), 'memfdCreate'>;

const LINUX_BACKEND = '@osx/linux/memfd';

/** Files in memory that are no part of the heap: on Linux memfds; elsewhere, and where the optional package was not installed, none. */
export function selectBackend(): MemfdBackend | undefined {
  if (process.platform !== 'linux') return undefined;
  try {
    return createRequire(import.meta.url)(LINUX_BACKEND) as MemfdBackend;
  } catch (error) {
    if (hasCode(error, 'MODULE_NOT_FOUND') && error.message.includes(`'${LINUX_BACKEND}'`)) return undefined;
    throw error;
  }
}
