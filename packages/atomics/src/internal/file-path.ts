import { isUtf8 } from 'node:buffer';

import { SystemError, checkPath } from '@osx/errors';

/** A path as fs takes it. Bytes only where they are not UTF-8, so that one file has one spelling here. */
export type FilePath = string | Buffer;

const SLASH = 0x2f;

/** The checked path, made absolute by prefixing only: removing `..` from text would step over symlinks. */
export function checkFilePath(name: string, value: unknown): FilePath {
  return absolutePath(toFilePath(checkPath(name, value)));
}

export function toFilePath(path: string | Buffer): FilePath {
  return typeof path === 'string' || !isUtf8(path) ? path : path.toString();
}

export function absolutePath(path: FilePath): FilePath {
  const first = typeof path === 'string' ? path.charCodeAt(0) : path[0];
  return first === SLASH ? path : joinPath(`${process.cwd()}/`, path);
}

/** Directory (with its slash at the end) and last component, without touching either. */
export function splitPath(path: FilePath): { prefix: FilePath; name: FilePath } {
  const cut = path.lastIndexOf('/') + 1;
  return typeof path === 'string'
    ? { prefix: path.slice(0, cut), name: path.slice(cut) }
    : { prefix: toFilePath(path.subarray(0, cut)), name: toFilePath(path.subarray(cut)) };
}

export function joinPath(prefix: FilePath, name: FilePath): FilePath {
  if (typeof prefix === 'string' && typeof name === 'string') return prefix + name;
  return Buffer.concat([Buffer.from(prefix as string), Buffer.from(name as string)]);
}

/** The path without slashes at its end, for directories; the root stays. */
export function withoutTrailingSlashes(path: FilePath): FilePath {
  let end = path.length;
  if (typeof path === 'string') {
    while (end > 1 && path.charCodeAt(end - 1) === SLASH) end--;
    return path.slice(0, end);
  }
  while (end > 1 && path[end - 1] === SLASH) end--;
  return path.subarray(0, end);
}

/** A path that cannot name a file, because of how it ends: refused before any system call. */
export function refuseDirectoryName(path: FilePath): void {
  const { name } = splitPath(path);
  const text = name.toString();
  if (text === '' || text === '.' || text === '..') throw new SystemError({ code: 'EISDIR', syscall: 'open', path });
}
