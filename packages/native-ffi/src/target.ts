import { UnsupportedError } from '@osx/errors';

/** An operating system and architecture whose C layouts and constants are written down here. */
export type Target = 'linux-x64' | 'linux-arm64' | 'darwin-x64' | 'darwin-arm64';

const TARGETS: readonly string[] = ['linux-x64', 'linux-arm64', 'darwin-x64', 'darwin-arm64'] satisfies Target[];

/**
 * The target this process runs on.
 *
 * @throws {UnsupportedError} `ENOTSUP` on a system or architecture without tables.
 */
export function currentTarget(): Target {
  const target = `${process.platform}-${process.arch}`;
  if (TARGETS.includes(target)) return target as Target;
  throw new UnsupportedError({ feature: 'native layouts and constants', requires: `one of ${TARGETS.join(', ')}` });
}
