import { resolve } from 'node:path';

const SLASH = 0x2f;

/** The same file after a later chdir. */
export function absolutePath(path: string | Buffer): string | Buffer {
  if (typeof path === 'string') return resolve(path);
  return path[0] === SLASH ? path : Buffer.concat([Buffer.from(`${process.cwd()}/`), path]);
}

/** Another name in the directory of an absolute path. */
export function besidePath(path: string | Buffer, name: string): Buffer {
  const bytes = Buffer.from(path as string);
  return Buffer.concat([bytes.subarray(0, bytes.lastIndexOf(SLASH) + 1), Buffer.from(name)]);
}
