import { isUtf8 } from 'node:buffer';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

import { hasCode, SystemError } from '@osx/errors';

import { CgroupDirectory } from './cgroup-directory.ts';
import { cgroupFileError } from './cgroup-errors.ts';

/** The directories of the cgroups directly below, in the order of their names. */
export function childDirectories(directory: CgroupDirectory): CgroupDirectory[] {
  const names = directory.pinned((pinned) => {
    try {
      return readdirSync(pinned, { withFileTypes: true, encoding: 'buffer' })
        .filter((entry) => entry.isDirectory())
        .map(({ name }) => name);
    } catch (error) {
      throw cgroupFileError(error, directory);
    }
  });
  return names
    .map((name) => textOf(name, directory.path))
    .toSorted()
    .flatMap((name) => opened(join(directory.path, name)));
}

/** A text would lead elsewhere, and leaving it out would be a lie. */
function textOf(name: Buffer, path: string): string {
  if (isUtf8(name)) return name.toString('utf8');
  const message = `the name of a child is not UTF-8 (${name.toString('hex')})`;
  throw new SystemError({ code: 'EILSEQ', syscall: 'readdir', path, message });
}

/** Nothing, when it was removed in the meantime. */
function opened(path: string): CgroupDirectory[] {
  try {
    return [new CgroupDirectory(path)];
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return [];
    throw error;
  }
}
