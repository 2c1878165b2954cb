import { closeSync, fstatSync, openSync, readFileSync, statfsSync, statSync, writeSync } from 'node:fs';

import { hasCode, SystemError } from '@osx/errors';
import { linuxConstants } from '@osx/native-ffi';

import { CGROUP2_SUPER_MAGIC } from './cgroup-constants.ts';
import { cgroupFileError, goneError } from './cgroup-errors.ts';

/**
 * The directory of one cgroup. A path can be given to another cgroup: every access opens the directory, compares its inode
 * (the cgroup's id, which is never given away again) and goes through that descriptor.
 */
export class CgroupDirectory {
  readonly path: string;
  readonly id: bigint;

  /** @throws {SystemError} ENOENT, EACCES; ENODEV when it is no directory of cgroup v2. */
  constructor(path: string) {
    this.path = path;
    let stat;
    try {
      stat = statSync(path, { bigint: true });
    } catch (error) {
      throw cgroupFileError(error, { path });
    }
    if (!stat.isDirectory() || statfsSync(path).type !== CGROUP2_SUPER_MAGIC) {
      throw new SystemError({ code: 'ENODEV', syscall: 'statfs', path, message: 'not a directory of cgroup v2' });
    }
    this.id = stat.ino;
  }

  /** Whether the cgroup is still there. */
  exists(): boolean {
    try {
      return this.pinned(() => true);
    } catch (error) {
      if (hasCode(error, 'ENODEV')) return false;
      throw error;
    }
  }

  /** Calls with a path that leads to this very directory, as long as the call lasts. */
  pinned<T>(use: (path: string) => T): T {
    const { O_PATH, O_DIRECTORY } = linuxConstants();
    let fd;
    try {
      fd = openSync(this.path, O_PATH | O_DIRECTORY);
    } catch (error) {
      throw hasCode(error, ['ENOENT', 'ENOTDIR']) ? goneError(this.path) : cgroupFileError(error, this);
    }
    try {
      if (fstatSync(fd, { bigint: true }).ino !== this.id) throw goneError(this.path);
      return use(`/proc/self/fd/${fd}`);
    } finally {
      closeSync(fd);
    }
  }

  /** The text of one of its files, without the last newline. */
  read(key: string): string {
    return this.pinned((pinned) => {
      try {
        return readFileSync(`${pinned}/${key}`, 'utf8').replace(/\n$/, '');
      } catch (error) {
        throw cgroupFileError(error, this, key);
      }
    });
  }

  /** Writes in one call, as cgroup files want it. */
  write(key: string, text: string): void {
    this.pinned((pinned) => {
      let fd;
      try {
        fd = openSync(`${pinned}/${key}`, linuxConstants().O_WRONLY);
        writeSync(fd, text);
      } catch (error) {
        throw cgroupFileError(error, this, key, text);
      } finally {
        if (fd !== undefined) closeSync(fd);
      }
    });
  }
}
