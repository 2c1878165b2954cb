import { createRequire } from 'node:module';

import { hasCode, UnsupportedError } from '@osx/errors';

/** As much of `@osx/linux/memfd` as a large entry needs. */
export interface MemFdBackend {
  readonly MemFd: { fromBytes(data: Uint8Array, options: { name: string; seal: true; exec?: boolean }): SealedFile };
}

export interface SealedFile {
  readonly fd: number;
  readonly seals: readonly string[];
  close(): void;
}

const LINUX_BACKEND = '@osx/linux/memfd';

/**
 * What makes sealed files in memory, for entries that are larger than a datagram.
 *
 * @throws {UnsupportedError} where the optional package was not installed.
 */
export function selectBackend(): MemFdBackend {
  try {
    return createRequire(import.meta.url)(LINUX_BACKEND) as MemFdBackend;
  } catch (error) {
    if (!hasCode(error, 'MODULE_NOT_FOUND') || !error.message.includes(`'${LINUX_BACKEND}'`)) throw error;
    throw new UnsupportedError({
      feature: 'entries larger than a datagram',
      requires:
        `the package @osx/linux, which is not installed beside @osx/journald: ` +
        `was it installed with --omit=optional, or node_modules copied from another system? npm install @osx/linux brings it`,
      cause: error,
    });
  }
}
