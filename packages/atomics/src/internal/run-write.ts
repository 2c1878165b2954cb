import fs from 'node:fs';

import { splitPath, type FilePath } from './file-path.ts';
import { runAsync, runSync } from './protocol.ts';
import { writeFile } from './write-protocol.ts';
import type { WriteRequest } from './write-request.ts';

/** Writing more would hold the event loop for longer than a hop to the thread pool takes. */
const SMALL_BYTES = 64 * 1024;

// <linux/magic.h>
const TMPFS = 0x01021994;
const RAMFS = 0x858458f6;

const MOST_DIRECTORIES = 1000;
const inMemory = new Map<FilePath, boolean>();

/**
 * Runs a write on the thread pool, or, small and on a file system in memory, on this thread: there is no disk to wait
 * for, and the calls take less time than the way to the pool and back.
 *
 * What kind of file system a directory is on is asked once, beside the first write to it. The answer may become untrue
 * when something is mounted there; then such a write blocks as its Sync twin does.
 */
export async function runWrite(request: WriteRequest, data: Uint8Array): Promise<void> {
  if (request.root !== undefined) return await runAsync(writeFile(request, data));
  const { prefix } = splitPath(request.path);
  if (data.length <= SMALL_BYTES && inMemory.get(prefix) === true && !leadsElsewhere(request)) {
    try {
      runSync(writeFile(request, data));
      return;
    } finally {
      await turnOfTheLoop();
    }
  }
  await runAsync(writeFile(request, data));
  learn(prefix);
}

/** Without it, a loop of awaited writes would never let the event loop go on: no timer, no other file, no signal. */
function turnOfTheLoop(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve));
}

/** A symlink may lead to a disk; what cannot be looked at is left to the write to explain. */
function leadsElsewhere({ path, followSymlinks }: WriteRequest): boolean {
  if (!followSymlinks) return false;
  try {
    return fs.lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true;
  } catch {
    return true;
  }
}

function learn(directory: FilePath): void {
  if (process.platform !== 'linux' || inMemory.has(directory)) return;
  if (inMemory.size >= MOST_DIRECTORIES) inMemory.clear();
  inMemory.set(directory, false);
  fs.statfs(directory, (error, stats) => {
    if (error === null) inMemory.set(directory, stats.type === TMPFS || stats.type === RAMFS);
  });
}
