import { hasCode, UnsupportedError } from '@osx/errors';

import { bindCall, type CallDefinition, type NativeCall } from './call.ts';
import { bindLazily, type Unbound } from './internal/bind-lazily.ts';
import { loadNative, type Native } from './library.ts';

/** Which library, and what to say where it is missing. */
export interface LibraryDefinition {
  /** Sonames as the dynamic linker looks them up, the first that is there is taken: `['libsystemd.so.0']`. */
  readonly names: readonly string[];
  /** What cannot be done without it: `reading the journal through libsystemd`. */
  readonly feature: string;
  /** What brings it: `libsystemd 246 or later (Debian: libsystemd0)`. */
  readonly requires: string;
}

/** A shared library that is not part of libc, opened when it is first called. */
export interface NativeLibrary {
  /** A function of the library, as `defineCall` has it for libc. */
  defineCall(definition: CallDefinition): NativeCall;
  /** Whether the library can be loaded here. Loads it to find out. */
  isAvailable(): boolean;
}

/**
 * Another C library by its soname, as functions that return a value or the negative errno.
 *
 * Nothing is loaded until the first call, or `isAvailable()`; a library is loaded once per thread and never unloaded.
 *
 * **Platform**: wherever koffi runs; the names are those of one system.
 *
 * **Gotchas**: the library comes from where the dynamic linker looks, `LD_LIBRARY_PATH` included.
 *
 * @returns The library. Its calls throw `UnsupportedError` with code `ENOTSUP` where it is missing or too old to have the function, and
 * `ERR_OSX_NATIVE_UNAVAILABLE` where koffi is.
 * @example
 * ```ts
 * import { defineLibrary, nonNegativeOrNegativeErrno } from '@osx/native-ffi';
 *
 * const libsystemd = defineLibrary({
 *   names: ['libsystemd.so.0'],
 *   feature: 'sd_booted',
 *   requires: 'libsystemd',
 * });
 * const booted = libsystemd.defineCall({
 *   name: 'sd_booted',
 *   returns: 'int',
 *   parameters: [],
 *   decode: nonNegativeOrNegativeErrno,
 * });
 * if (libsystemd.isAvailable()) console.log(booted() >= 0);
 * ```
 * @see https://man7.org/linux/man-pages/man3/dlopen.3.html
 */
export function defineLibrary(definition: LibraryDefinition): NativeLibrary {
  const unbound: Unbound = new Set();
  let opened: Native['libc'] | undefined;
  const open = (koffi: Native['koffi']): Native['libc'] => (opened ??= openLibrary(koffi, definition));
  return {
    defineCall(call) {
      const bound = bindLazily(({ koffi }) => {
        const library = open(koffi);
        try {
          return bindCall(koffi, library, call);
        } catch (cause) {
          throw unsupported(definition, `${definition.requires}; this one has no ${call.name}`, cause);
        }
      }, unbound);
      return (...args) => bound()(...args);
    },
    isAvailable() {
      try {
        open(loadNative().koffi);
        return true;
      } catch (error) {
        if (hasCode(error, 'ENOTSUP') || hasCode(error, 'ERR_OSX_NATIVE_UNAVAILABLE')) return false;
        throw error;
      }
    },
  };
}

function openLibrary(koffi: Native['koffi'], definition: LibraryDefinition): Native['libc'] {
  const failures: unknown[] = [];
  for (const name of definition.names) {
    try {
      return koffi.load(name);
    } catch (error) {
      failures.push(error);
    }
  }
  const cause = new AggregateError(failures, `none of these could be opened: ${definition.names.join(', ')}`);
  throw unsupported(definition, definition.requires, cause);
}

function unsupported({ feature }: LibraryDefinition, requires: string, cause: unknown): UnsupportedError {
  return new UnsupportedError({ feature, requires, cause });
}
