import { ownByNode } from '@osx/native-ffi';

/** A descriptor that a system call makes, given to Node: close it with `fs.closeSync`. */
export function openNodeOwnedFd(make: () => number): number {
  return ownByNode(make());
}
