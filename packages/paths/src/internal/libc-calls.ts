import { constants, fstatSync, statSync } from 'node:fs';

import { hasCode, UnsupportedError } from '@osx/errors';
import { closeNative } from '@osx/fds';
import {
  checked,
  defineCall,
  isNativeAvailable,
  nonNegativeOrError,
  nonNegativeOrErrorRetryEintr,
  ownByNode,
  platformConstants,
  toCString,
} from '@osx/native-ffi';

import { toBuffer } from './byte-path.ts';
import type { DirectoryCalls } from './directory-calls.ts';
import { flagNumbers } from './flag-numbers.ts';

const LINK_BYTES = 4096;

const openat = defineCall({
  name: 'openat',
  returns: 'int',
  parameters: ['int', 'pointer', 'int'],
  variadic: ['uint'],
  decode: nonNegativeOrErrorRetryEintr,
});

const readlinkat = defineCall({
  name: 'readlinkat',
  returns: 'ssize_t',
  parameters: ['int', 'pointer', 'pointer', 'size_t'],
  decode: nonNegativeOrError,
});

/** openat(2) and readlinkat(2) of libc, for systems without procfs. */
export const libcCalls: DirectoryCalls = {
  isAvailable() {
    try {
      platformConstants();
      return isNativeAvailable();
    } catch (error) {
      if (hasCode(error, 'ENOTSUP')) return false;
      throw error;
    }
  },
  get passFlags() {
    const { O_PATH } = flagNumbers();
    return O_PATH === 0 ? constants.O_RDONLY | constants.O_NONBLOCK : O_PATH;
  },
  openAt(directory, name, flags, mode = 0) {
    const bytes = toBuffer(name);
    const number = openat(directory, toCString(bytes), flags | platformConstants().O_CLOEXEC, mode);
    return checked(number, 'openat', { path: bytes });
  },
  readLinkAt(directory, name) {
    const bytes = toBuffer(name);
    const target = Buffer.alloc(LINK_BYTES);
    const length = checked(readlinkat(directory, toCString(bytes), target, target.length), 'readlinkat', {
      path: bytes,
    });
    return target.toString('latin1', 0, length);
  },
  mountOf(fd) {
    // A bind mount has the device number of what it shows; macOS has none.
    if (flagNumbers().O_PATH === 0) return String(fstatSync(fd).dev);
    throw new UnsupportedError({ feature: 'crossMounts: false', requires: 'procfs, or openat2 of Linux 5.6' });
  },
  isProcfs(directory) {
    const proc = statSync('/proc', { throwIfNoEntry: false });
    return proc !== undefined && proc.dev === fstatSync(directory).dev && proc.dev !== statSync('/').dev;
  },
  tellsPaths: false,
  pathOf() {
    throw new UnsupportedError({ feature: 'the path of a descriptor', requires: 'procfs' });
  },
  give: ownByNode,
  close: closeNative,
};
