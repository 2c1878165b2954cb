import { createRequire } from 'node:module';

import { hasCode, UnsupportedError } from '@osx/errors';

type Koffi = typeof import('koffi');
export type NativeFunction = ReturnType<import('koffi').LibraryHandle['func']>;

export interface Native {
  readonly koffi: Koffi;
  readonly libc: import('koffi').LibraryHandle;
}

/** Where libc is when the process's own symbols cannot be searched: glibc, musl, Darwin. */
const LIBC_NAMES = ['libc.so.6', 'libc.so', 'libSystem.B.dylib'];

let loaded: Native | undefined;

/**
 * Loads koffi and the C library of this process, once per thread, at the first native call.
 *
 * @throws {UnsupportedError} `ERR_OSX_NATIVE_UNAVAILABLE` when koffi or its binary for this platform is not installed.
 */
export function loadNative(): Native {
  loaded ??= load();
  return loaded;
}

/** Whether native calls work here: koffi is installed with its binary for this platform. Loads it to find out. */
export function isNativeAvailable(): boolean {
  try {
    loadNative();
    return true;
  } catch (error) {
    if (hasCode(error, 'ERR_OSX_NATIVE_UNAVAILABLE')) return false;
    throw error;
  }
}

function load(): Native {
  const require = createRequire(import.meta.url);
  let koffi: Koffi;
  try {
    koffi = require('koffi') as Koffi;
  } catch (cause) {
    throw new UnsupportedError({
      code: 'ERR_OSX_NATIVE_UNAVAILABLE',
      feature: 'native calls',
      requires:
        'the package koffi and its prebuilt binary for this platform. Likely causes: an install with --omit=optional, ' +
        'node_modules copied from another system, or a platform that koffi has no binary for. ' +
        'Cure: install again here without --omit=optional',
      cause,
    });
  }
  return { koffi, libc: openLibc(koffi) };
}

function openLibc(koffi: Koffi): import('koffi').LibraryHandle {
  // The process itself is linked to the right libc, whichever that is, and honours LD_PRELOAD.
  const failures: unknown[] = [];
  for (const name of [null, ...LIBC_NAMES]) {
    try {
      const handle = koffi.load(name);
      handle.func('getpid', 'int', []);
      return handle;
    } catch (error) {
      failures.push(error);
    }
  }
  throw new UnsupportedError({
    code: 'ERR_OSX_NATIVE_UNAVAILABLE',
    feature: 'native calls',
    requires: 'a C library that this process can load (glibc, musl or Darwin)',
    cause: new AggregateError(failures, 'no C library could be opened'),
  });
}
