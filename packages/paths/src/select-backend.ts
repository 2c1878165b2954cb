import { createRequire } from 'node:module';

import { hasCode, UnsupportedError } from '@osx/errors';
import { isNativeAvailable } from '@osx/native-ffi';

import { libcCalls } from './internal/libc-calls.ts';
import { procCalls } from './internal/proc-calls.ts';
import type { DirectoryCalls } from './internal/directory-calls.ts';

type Openat2 = typeof import('@osx/linux/openat2').openat2;

let found: { readonly openat2: Openat2 | undefined } | undefined;

/**
 * openat2(2), loaded at first use; undefined where there is none: another system, the platform package is not installed, or
 * koffi has no binary here. The walk does the same without it.
 */
export function findOpenat2(): Openat2 | undefined {
  found ??= { openat2: loadOpenat2() };
  return found.openat2;
}

let calls: DirectoryCalls | undefined;

/**
 * The calls relative to a directory that walks are made of: through /proc where it is, which takes no native call, else libc's.
 *
 * @throws {UnsupportedError} on systems whose numbers nobody has written down here.
 */
export function directoryCalls(): DirectoryCalls {
  calls ??= process.platform === 'linux' && procCalls.isAvailable() ? procCalls : neededLibcCalls();
  return calls;
}

function neededLibcCalls(): DirectoryCalls {
  if (libcCalls.isAvailable()) return libcCalls;
  throw new UnsupportedError({
    feature: 'confined opening',
    requires: 'Linux with procfs, or native calls on Linux or macOS',
  });
}

function loadOpenat2(): Openat2 | undefined {
  if (process.platform !== 'linux') return undefined;
  const name = '@osx/linux/openat2';
  try {
    const { openat2 } = createRequire(import.meta.url)(name) as typeof import('@osx/linux/openat2');
    return isNativeAvailable() ? openat2 : undefined;
  } catch (error) {
    if (hasCode(error, 'MODULE_NOT_FOUND') && error.message.includes(`'${name}'`)) return undefined;
    throw error;
  }
}
