import { checked, defineCall, linuxConstants, toCString, zeroOrError } from '@osx/native-ffi';

import type { FilePath } from './file-path.ts';

const linkat = defineCall({
  name: 'linkat',
  returns: 'int',
  parameters: ['int', 'pointer', 'int', 'pointer', 'int'],
  decode: zeroOrError,
});

/**
 * Gives an open file without a name its first one. Never replaces anything. The way through `/proc` needs no privilege, unlike
 * AT_EMPTY_PATH.
 */
export function linkOpenFile(fd: number, path: FilePath): void {
  const { AT_FDCWD, AT_SYMLINK_FOLLOW } = linuxConstants();
  const from = toCString(`/proc/self/fd/${fd}`);
  checked(linkat(AT_FDCWD, from, AT_FDCWD, toCString(path), AT_SYMLINK_FOLLOW), 'linkat', { path });
}
