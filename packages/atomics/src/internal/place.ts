import { SystemError, hasCode } from '@osx/errors';

import { loadNativeFfi, needBackend, type Backend } from '../select-backend.ts';
import { joinPath, refuseDirectoryName, splitPath, type FilePath } from './file-path.ts';
import { makeDirectory } from './make-directories.ts';
import type { Protocol } from './protocol.ts';
import type { WriteRequest } from './write-request.ts';

type Fd = ReturnType<Backend['openat2']>;

/** A directory, as a prefix for paths in it, and a name there. */
export interface Place {
  readonly prefix: FilePath;
  readonly name: FilePath;
  /** With a root: the path from there; the directory is pinned by a descriptor, and `prefix` leads through that. */
  readonly inside?: FilePath;
  readonly pin?: Fd;
}

/** Where the request's path is. With a root, the directory is pinned: whatever is renamed later, it is the same one. */
export function* locate(request: WriteRequest): Protocol<Place> {
  if (request.root === undefined) return splitPath(request.path);
  return yield* pinBeneath(request, insideOf(request.root, request));
}

/** Where a symlink at a place leads. */
export function* locateLink(request: WriteRequest, place: Place, link: FilePath): Protocol<Place> {
  const isAbsolute = link.indexOf('/') === 0;
  if (place.inside === undefined) {
    const path = isAbsolute ? link : joinPath(place.prefix, link);
    refuseDirectoryName(path);
    return splitPath(path);
  }
  if (isAbsolute) throw leadsOut(request);
  const inside = joinPath(splitPath(place.inside).prefix, link);
  refuseDirectoryName(inside);
  return yield* pinBeneath(request, inside);
}

/** The path as seen from the root. An absolute one must start with the root's own spelling. */
function insideOf(root: FilePath, request: WriteRequest): FilePath {
  const path = Buffer.from(request.path as string);
  if (path[0] !== SLASH) return request.path;
  const start = Buffer.from(root as string);
  let from = start.length;
  if (!path.subarray(0, from).equals(start) || (start[from - 1] !== SLASH && path[from] !== SLASH)) {
    throw leadsOut(request);
  }
  while (path[from] === SLASH) from++;
  return typeof request.path === 'string' ? path.toString('utf8', from) : path.subarray(from);
}

const SLASH = 0x2f;
/** The kernel says EAGAIN when a rename anywhere on the system crossed its walk through a `..`. */
const MAX_ATTEMPTS = 1000;

function* pinBeneath(request: WriteRequest, inside: FilePath): Protocol<Place> {
  const backend = needBackend('rootDirectory');
  const { O_PATH, O_DIRECTORY } = loadNativeFfi().linuxConstants();
  const { prefix, name } = splitPath(inside);
  const directory = prefix.length === 0 ? '.' : prefix;
  const root = backend.openat2(null, request.root as FilePath, { flags: O_PATH | O_DIRECTORY });
  const open = (path: FilePath): Fd => openBeneath(backend, root, path, request);
  try {
    const pin = request.makeDirectories
      ? yield* openOrMake(open, directory, request.durability === 'full')
      : open(directory);
    return { prefix: prefixOf(pin), name, inside, pin };
  } finally {
    root.close();
  }
}

function prefixOf(pin: Fd): string {
  return `/proc/self/fd/${pin.number}/`;
}

function openBeneath(backend: Backend, root: Fd, path: FilePath, request: WriteRequest): Fd {
  const { O_PATH, O_DIRECTORY } = loadNativeFfi().linuxConstants();
  const how = { flags: O_PATH | O_DIRECTORY, resolve: ['beneath', 'no-magiclinks'] } as const;
  for (let attempt = 1; ; attempt++) {
    try {
      return backend.openat2(root, path, how);
    } catch (error) {
      if (hasCode(error, 'EXDEV')) throw leadsOut(request, error);
      if (!hasCode(error, 'EAGAIN') || attempt === MAX_ATTEMPTS) throw error;
    }
  }
}

/** Opens a directory, making what is missing, one component after the other from the last directory that was pinned. */
function* openOrMake(open: (path: FilePath) => Fd, directory: FilePath, durable: boolean): Protocol<Fd> {
  let walked: FilePath = '.';
  let pin = open(walked);
  for (let rest = directory; rest.length > 0;) {
    const { first, others } = splitFirst(rest);
    rest = others;
    if (first.length === 0) continue;
    const before = pin;
    walked = joinPath(joinPath(walked, '/'), first);
    try {
      pin = yield* openOrMakeOne(open, walked, before, first, durable);
    } finally {
      before.close();
    }
  }
  return pin;
}

function* openOrMakeOne(
  open: (path: FilePath) => Fd,
  path: FilePath,
  parent: Fd,
  name: FilePath,
  durable: boolean,
): Protocol<Fd> {
  try {
    return open(path);
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw error;
  }
  yield* makeDirectory(prefixOf(parent), name, durable);
  return open(path);
}

function splitFirst(path: FilePath): { first: FilePath; others: FilePath } {
  const at = path.indexOf('/');
  if (at < 0) return { first: path, others: '' };
  return { first: path.slice(0, at), others: path.slice(at + 1) };
}

function leadsOut(request: WriteRequest, cause?: unknown): SystemError {
  const message = 'the path leads out of rootDirectory';
  return new SystemError({ code: 'EXDEV', syscall: 'openat2', path: request.asked, message, cause });
}
