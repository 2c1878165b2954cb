import fs from 'node:fs';

import { SystemError, hasCode } from '@osx/errors';

import { attempt, make, type Call, type Steps } from './calls.ts';
import { joinPath, toFilePath, type FilePath } from './file-path.ts';
import { mountOf, openForRemoval, pathThrough } from './open-for-removal.ts';

/** An open directory on the way down, and what is still to be emptied in it. */
interface Level {
  readonly fd: number;
  /** Leads to its entries through its descriptor, wherever it is moved. */
  readonly prefix: FilePath;
  /** In its parent. */
  readonly child: Child;
  readonly children: Child[];
  /** Something could not be removed; then it cannot be either. */
  failed: boolean;
}

interface Child {
  readonly name: FilePath;
  readonly attempts: number;
}

/** So many descriptors are open at once. What lies deeper is moved up first, so no tree is too deep for us. */
const MAX_DEPTH = 24;
/** So many files are removed at once, by a pool of four threads that others need too. */
const BATCH = 16;
/** How often somebody else may put something new into a directory before we give up. */
const MAX_ATTEMPTS = 10;

/**
 * Removes all that is in an open directory, and never follows a symlink: each directory is entered through its parent's
 * descriptor, so a symlink that is put in its place meanwhile leads nowhere. Stops at mount points. Goes on when something cannot be
 * removed.
 *
 * @returns The first error.
 */
export function* emptyTree(fd: number, path: FilePath): Steps<Error | undefined> {
  const failures: Error[] = [];
  const stack: Level[] = [];
  let top: Level | undefined;
  try {
    top = yield* readLevel(fd, path, { name: '', attempts: 0 }, failures);
    stack.push(top);
    const walk: Walk = { stack, top, failures, mount: undefined };
    for (let level = stack.at(-1); level !== undefined; level = stack.at(-1)) {
      const child = level.children.pop();
      if (child === undefined) {
        stack.pop();
        if (level !== top) yield* leave(level, stack.at(-1) as Level, failures);
      } else if (stack.length === MAX_DEPTH) yield* moveUp(level, child, top, failures);
      else yield* enter(level, child, walk);
    }
  } catch (error) {
    failures.push(error as Error);
  } finally {
    for (const level of stack) if (level !== top) yield* attempt('close', level.fd);
  }
  return failures[0];
}

interface Walk {
  readonly stack: Level[];
  readonly top: Level;
  readonly failures: Error[];
  /** That of the top, once it was asked for. */
  mount: string | undefined;
}

function* enter(parent: Level, child: Child, walk: Walk): Steps<void> {
  const { stack, top, failures } = walk;
  const path = joinPath(parent.prefix, child.name);
  let fd = -1;
  try {
    fd = yield* openForRemoval(path);
    walk.mount ??= mountOf(top.fd);
    if (mountOf(fd) !== walk.mount) {
      const message = 'another file system is mounted there, and is left alone';
      throw new SystemError({ code: 'EBUSY', syscall: 'rmdir', path, message });
    }
    stack.push(yield* readLevel(fd, path, child, failures));
  } catch (error) {
    if (fd >= 0) yield* attempt('close', fd);
    // It was a directory when the parent was read.
    if (fd < 0 && hasCode(error, ['ENOTDIR', 'ELOOP'])) yield* removeFiles(parent, [child.name], failures);
    else if (hasCode(error, ['EMFILE', 'ENFILE']) && parent !== top) yield* moveUp(parent, child, top, failures);
    else if (!hasCode(error, 'ENOENT')) fail(parent, error as Error, failures);
  }
}

function* leave(level: Level, parent: Level, failures: Error[]): Steps<void> {
  yield* attempt('close', level.fd);
  if (level.failed) {
    parent.failed = true;
    return;
  }
  const { name, attempts } = level.child;
  const { error } = yield* attempt('rmdir', joinPath(parent.prefix, name));
  if (error === undefined || error.code === 'ENOENT') return;
  const isRefilled = hasCode(error, ['ENOTEMPTY', 'EEXIST']) && attempts + 1 < MAX_ATTEMPTS;
  if (isRefilled) parent.children.push({ name, attempts: attempts + 1 });
  else if (error.code === 'ENOTDIR') yield* removeFiles(parent, [name], failures);
  else fail(parent, error, failures);
}

/** Out of the depth: the kernel may forbid it (its parent is not ours), then it stays and is told. */
function* moveUp(level: Level, child: Child, top: Level, failures: Error[]): Steps<void> {
  const name = `up-${process.getBuiltinModule('node:crypto').randomBytes(10).toString('hex')}`;
  const { error } = yield* attempt('rename', joinPath(level.prefix, child.name), joinPath(top.prefix, name));
  if (error === undefined) top.children.push({ name, attempts: 0 });
  else if (error.code !== 'ENOENT') fail(level, error, failures);
}

/** Reads a directory, and removes at once all in it that is no directory. */
function* readLevel(fd: number, path: FilePath, child: Child, failures: Error[]): Steps<Level> {
  const { mode } = fs.fstatSync(fd);
  // Even its owner may not be allowed to remove from it. Where that is not ours to change, what follows fails and says so.
  if ((mode & 0o700) !== 0o700) yield* attempt('fchmod', fd, (mode & 0o7777) | 0o700);
  const prefix = pathThrough(fd, path);
  const entries = yield* make('readdir', prefix, { encoding: 'buffer', withFileTypes: true });
  const level: Level = { fd, prefix, child, children: [], failed: false };
  const files: FilePath[] = [];
  for (const entry of entries) {
    const name = toFilePath(entry.name);
    if (entry.isDirectory()) level.children.push({ name, attempts: 0 });
    else files.push(name);
  }
  for (let from = 0; from < files.length; from += BATCH) {
    yield* removeFiles(level, files.slice(from, from + BATCH), failures);
  }
  return level;
}

function* removeFiles(level: Level, names: readonly FilePath[], failures: Error[]): Steps<void> {
  const outcomes = yield names.map((name): Call => ['unlink', joinPath(level.prefix, name)]);
  for (const [index, { error }] of outcomes.entries()) {
    if (error === undefined || error.code === 'ENOENT') continue;
    // It has become a directory. Linux says so; POSIX says EPERM, which an immutable file is as well.
    if (error.code === 'EISDIR') level.children.push({ name: names[index] as FilePath, attempts: 0 });
    else fail(level, error, failures);
  }
}

function fail(level: Level, error: Error, failures: Error[]): void {
  level.failed = true;
  failures.push(error);
}
