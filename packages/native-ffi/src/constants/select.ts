import { UnsupportedError } from '@osx/errors';

import { DARWIN } from './darwin.ts';
import { LINUX } from './linux.ts';
import { LINUX_ARM64 } from './linux-arm64.ts';
import { LINUX_X64 } from './linux-x64.ts';

export type LinuxConstants = typeof LINUX & { readonly [Name in keyof typeof LINUX_X64]: number };
export type DarwinConstants = typeof DARWIN;

/** The constants of Linux for one architecture, under their C names. */
export function linuxConstantsFor(arch: 'x64' | 'arm64'): LinuxConstants {
  return arch === 'x64' ? X64 : ARM64;
}

/**
 * The constants of Linux on this process's architecture, under their C names.
 *
 * @throws {UnsupportedError} `ENOTSUP` on another system or architecture.
 */
export function linuxConstants(): LinuxConstants {
  if (process.platform === 'linux' && (process.arch === 'x64' || process.arch === 'arm64')) {
    return linuxConstantsFor(process.arch);
  }
  throw new UnsupportedError({ feature: 'Linux constants', requires: 'Linux on x64 or arm64' });
}

/** The constants of Darwin, under their C names, whatever the process runs on: for layouts tested as bytes. */
export function darwinConstants(): DarwinConstants {
  return DARWIN;
}

const X64: LinuxConstants = { ...LINUX, ...LINUX_X64 };
const ARM64: LinuxConstants = { ...LINUX, ...LINUX_ARM64 };

type Shared = keyof LinuxConstants & keyof DarwinConstants;
export type PlatformConstants = { readonly [Name in Shared]: number };

/**
 * The constants that this process's system has in common with the others we serve; the numbers differ between them.
 *
 * @throws {UnsupportedError} `ENOTSUP` on a system without a table.
 */
export function platformConstants(): PlatformConstants {
  return process.platform === 'darwin' ? DARWIN : linuxConstants();
}
