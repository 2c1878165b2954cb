import { closeSync, openSync } from 'node:fs';

import { SystemError } from '@osx/errors';
import {
  checked,
  defineCall,
  linuxConstants,
  nonNegativeOrError,
  nonNegativeOrErrorRetryEintr,
  ownByNode,
  zeroOrError,
} from '@osx/native-ffi';

import { EMFILE } from './errno-numbers.ts';
import { readSysctl } from './read-sysctl.ts';

const inotifyInit1 = defineCall({
  name: 'inotify_init1',
  returns: 'int',
  parameters: ['int'],
  decode: nonNegativeOrError,
});

/** `inotify_add_watch(fd, path, mask)`: the watch descriptor, or the negative errno. */
export const inotifyAddWatch = defineCall({
  name: 'inotify_add_watch',
  returns: 'int',
  parameters: ['int', 'pointer', 'uint32'],
  decode: nonNegativeOrErrorRetryEintr,
});

/** `inotify_rm_watch(fd, wd)`: 0, or the negative errno. */
export const inotifyRmWatch = defineCall({
  name: 'inotify_rm_watch',
  returns: 'int',
  parameters: ['int', 'int'],
  decode: zeroOrError,
});

/** `read(fd, buffer, size)`: bytes read, or the negative errno. */
export const inotifyRead = defineCall({
  name: 'read',
  returns: 'ssize_t',
  parameters: ['int', 'pointer', 'size_t'],
  decode: nonNegativeOrErrorRetryEintr,
});

/** A non-blocking, close-on-exec inotify descriptor that Node owns. */
export function openInotifyFd(): number {
  const { IN_NONBLOCK, IN_CLOEXEC } = linuxConstants();
  const fd = inotifyInit1(IN_NONBLOCK | IN_CLOEXEC);
  if (fd !== -EMFILE) return ownByNode(checked(fd, 'inotify_init1'));
  throw new SystemError({ errno: EMFILE, syscall: 'inotify_init1', message: explainEmfile() });
}

/** The kernel says EMFILE for the user's instances and for the process's descriptors alike. */
function explainEmfile(): string {
  try {
    closeSync(openSync('/', 'r'));
  } catch {
    return 'too many open files in this process (ulimit -n)';
  }
  const limit = readSysctl('fs.inotify.max_user_instances');
  return `this user has all the inotify instances it may have (sysctl fs.inotify.max_user_instances${limit}); raise it`;
}
