import { createRequire } from 'node:module';

import { hasCode, UnsupportedError } from '@osx/errors';

/** The rooms of `@osx/linux` that pacts use. */
interface Rooms {
  readonly cgroups: typeof import('@osx/linux/cgroups');
  readonly pidfd: typeof import('@osx/linux/pidfd');
  readonly prctl: typeof import('@osx/linux/prctl');
  readonly proc: typeof import('@osx/linux/proc');
  readonly xattr: typeof import('@osx/linux/xattr');
}

interface Loaded {
  readonly room: object | undefined;
  readonly missing?: unknown;
}

const loaded = new Map<keyof Rooms, Loaded>();

/** A room of `@osx/linux`, loaded at first use; undefined on other systems and where the platform package is missing. */
export function findRoom<Name extends keyof Rooms>(name: Name): Rooms[Name] | undefined {
  return loadOnce(name).room as Rooms[Name] | undefined;
}

/**
 * A room of `@osx/linux`, for what cannot be done without it.
 *
 * @throws {UnsupportedError} ENOTSUP, with what was tried, the likely cause and the cure.
 */
export function needRoom<Name extends keyof Rooms>(name: Name, feature: string): Rooms[Name] {
  const { room, missing } = loadOnce(name);
  if (room !== undefined) return room as Rooms[Name];
  throw new UnsupportedError({
    feature,
    requires:
      process.platform === 'linux'
        ? 'the package @osx/linux; tried to load it. Likely causes: an install with --omit=optional, or node_modules ' +
          'copied from another system. Cure: install again here without --omit=optional'
        : 'Linux',
    cause: missing,
  });
}

function loadOnce(name: keyof Rooms): Loaded {
  let found = loaded.get(name);
  if (found === undefined) {
    found = load(name);
    loaded.set(name, found);
  }
  return found;
}

function load(name: keyof Rooms): Loaded {
  if (process.platform !== 'linux') return { room: undefined };
  const specifier = `@osx/linux/${name}`;
  try {
    return { room: createRequire(import.meta.url)(specifier) as object };
  } catch (missing) {
    if (!hasCode(missing, 'MODULE_NOT_FOUND') || !missing.message.includes(`'${specifier}'`)) throw missing;
    return { room: undefined, missing };
  }
}
