import { createRequire } from 'node:module';

import { UnsupportedError, hasCode } from '@osx/errors';

type Rename = typeof import('@osx/linux/renameat2');
type Open = typeof import('@osx/linux/openat2');
type Xattr = typeof import('@osx/linux/xattr');

const require = createRequire(import.meta.url);

/** What this platform can do beyond `node:fs`. Short calls that block, like the Sync calls of `node:fs`. */
export type Backend = Rename & Open & Xattr;

let found: { readonly backend: Backend | undefined; readonly missing?: unknown } | undefined;

/**
 * The native calls of this platform, loaded at first use; undefined where there are none: another system, the platform
 * package is not installed, or koffi has no binary here. For uses that have a correct other way.
 */
export function findBackend(): Backend | undefined {
  found ??= load();
  return found.backend;
}

/**
 * The native calls of this platform, for what cannot be done without them.
 *
 * @throws {UnsupportedError} ENOTSUP, with what was tried, the likely cause and the cure.
 */
export function needBackend(feature: string): Backend {
  const backend = findBackend();
  if (backend !== undefined) return backend;
  throw new UnsupportedError({
    feature,
    requires:
      process.platform === 'linux'
        ? 'the package @osx/linux and native calls; tried to load @osx/linux. Likely causes: an install with ' +
          '--omit=optional, or node_modules copied from another system. Cure: install again here without --omit=optional'
        : 'Linux',
    cause: found?.missing,
  });
}

/** The native layer, loaded when it is first needed: most programs that import this package never get there at their start. */
export function loadNativeFfi(): typeof import('@osx/native-ffi') {
  return require('@osx/native-ffi') as typeof import('@osx/native-ffi');
}

function load(): NonNullable<typeof found> {
  if (process.platform !== 'linux') return { backend: undefined };
  const names = ['@osx/linux/renameat2', '@osx/linux/openat2', '@osx/linux/xattr'] as const;
  try {
    const backend = Object.assign({}, ...names.map((name) => requireNamed(name))) as Backend;
    return { backend: loadNativeFfi().isNativeAvailable() ? backend : undefined };
  } catch (missing) {
    if (!(missing instanceof MissingPackage)) throw missing;
    return { backend: undefined, missing: missing.cause };
  }
}

class MissingPackage extends Error {}

function requireNamed(name: string): unknown {
  try {
    return require(name);
  } catch (cause) {
    if (hasCode(cause, 'MODULE_NOT_FOUND') && cause.message.includes(`'${name}'`))
      throw new MissingPackage(name, { cause });
    throw cause;
  }
}
