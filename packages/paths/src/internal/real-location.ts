import { readlinkSync } from 'node:fs';

import { hasCode, SystemError, withSystemErrors } from '@osx/errors';

import { absolute, toBuffer } from './byte-path.ts';

export const MAX_LINKS = 40;

/**
 * Where a path leads, as names from the root of the file system, with every symbolic link followed; what does not exist is
 * taken as it is written. A dangling link leads to its missing target, for that is where a file would be made.
 */
export function realLocation(bytes: string, options: { followLast: boolean } = { followLast: true }): string[] {
  const names: string[] = [];
  const pending = absolute(bytes).split('/').toReversed();
  for (let links = 0; ;) {
    const name = pending.pop();
    if (name === undefined) return names;
    if (name === '' || name === '.') continue;
    if (name === '..') {
      names.pop();
      continue;
    }
    const isLast = pending.every((rest) => rest === '');
    const target = isLast && !options.followLast ? undefined : linkTarget(`/${[...names, name].join('/')}`);
    if (target === undefined) {
      names.push(name);
      continue;
    }
    links += 1;
    if (links > MAX_LINKS) throw new SystemError({ code: 'ELOOP', syscall: 'readlink', path: toBuffer(bytes) });
    if (target.startsWith('/')) names.length = 0;
    pending.push(...target.split('/').toReversed());
  }
}

function linkTarget(path: string): string | undefined {
  try {
    return withSystemErrors(() => readlinkSync(toBuffer(path), { encoding: 'buffer' })).toString('latin1');
  } catch (error) {
    if (hasCode(error, ['EINVAL', 'ENOENT', 'ENOTDIR'])) return undefined;
    throw error;
  }
}
