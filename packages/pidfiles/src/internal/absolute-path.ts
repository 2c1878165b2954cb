/**
 * The path from the root, so that a later chdir does not change what it leads to. It is joined, not resolved: `a/../b` is
 * not `b` where `a` is a symbolic link.
 */
export function absolutePath(path: string | Buffer): string | Buffer {
  if (typeof path === 'string') return path.startsWith('/') ? path : `${process.cwd()}/${path}`;
  return path[0] === 0x2f ? path : Buffer.concat([Buffer.from(`${process.cwd()}/`), path]);
}
