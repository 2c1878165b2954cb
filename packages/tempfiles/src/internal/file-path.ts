import { isUtf8 } from 'node:buffer';

/** A path as fs takes it. Bytes only where they are not UTF-8, so that one file has one spelling here. */
export type FilePath = string | Buffer;

const SLASH = 0x2f;

export function toFilePath(path: string | Buffer): FilePath {
  return typeof path === 'string' || !isUtf8(path) ? path : path.toString();
}

/** Made absolute by prefixing only: removing `..` from text would step over symlinks. */
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
  const at = (index: number): number | undefined => (typeof path === 'string' ? path.charCodeAt(index) : path[index]);
  while (end > 1 && at(end - 1) === SLASH) end--;
  return typeof path === 'string' ? path.slice(0, end) : path.subarray(0, end);
}

/** The directory as what names are put behind: with one slash at its end. */
export function directoryPrefix(directory: FilePath): FilePath {
  const bare = withoutTrailingSlashes(absolutePath(directory));
  return bare.length === 1 ? bare : joinPath(bare, '/');
}
