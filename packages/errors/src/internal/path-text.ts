import type { PathLike } from '../path-like.ts';
import { bufferOver, isUint8Array } from './byte-view.ts';

/** A path as text for an error: bytes are read as UTF-8 with replacement characters, a `file:` URL becomes its path. */
export function pathText(path: PathLike): string {
  if (typeof path === 'string') return path;
  if (isUint8Array(path)) return bufferOver(path).toString();
  try {
    return process.getBuiltinModule('node:url').fileURLToPath(path);
  } catch {
    return String(path);
  }
}
