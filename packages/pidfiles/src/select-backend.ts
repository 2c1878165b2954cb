import { createRequire } from 'node:module';

import { hasCode, UnsupportedError } from '@osx/errors';

/** As much of `@osx/linux` as pidfiles need. */
export type Backend = Pick<typeof import('@osx/linux/pidfd'), 'openPidfd'> &
  Pick<
    typeof import('@osx/linux/inotify'),
    'Inotify' | 'IN_CLOSE_WRITE' | 'IN_MODIFY' | 'IN_ATTRIB' | 'IN_DELETE_SELF' | 'IN_MOVE_SELF'
  >;

let found: { readonly backend: Backend | undefined; readonly missing?: unknown } | undefined;

/** Pidfds and inotify, loaded at first use; undefined on other systems and where the platform package is missing. */
export function findBackend(): Backend | undefined {
  found ??= load();
  return found.backend;
}

/**
 * Pidfds and inotify, for what cannot be done without them.
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
        ? 'the package @osx/linux; tried to load it. Likely causes: an install with --omit=optional, or node_modules ' +
          'copied from another system. Cure: install again here without --omit=optional'
        : 'Linux',
    cause: found?.missing,
  });
}

function load(): NonNullable<typeof found> {
  if (process.platform !== 'linux') return { backend: undefined };
  const require = createRequire(import.meta.url);
  const names = ['@osx/linux/pidfd', '@osx/linux/inotify'] as const;
  const parts: object[] = [];
  for (const name of names) {
    try {
      parts.push(require(name) as object);
    } catch (missing) {
      if (!hasCode(missing, 'MODULE_NOT_FOUND') || !missing.message.includes(`'${name}'`)) throw missing;
      return { backend: undefined, missing };
    }
  }
  return { backend: Object.assign({}, ...parts) as Backend };
}
