import fs from 'node:fs';
import type { BigIntStats, Dir, Dirent, Stats } from 'node:fs';

/** A path that the kernel gets as it is: text of ASCII, or bytes. */
export type TreePath = string | Buffer;

/** The calls that a walk is made of: what it yields, and what it gets back. */
export interface Calls {
  open(path: TreePath, flags: number): number;
  fstat(fd: number): Stats;
  chmod(path: TreePath, mode: number): void;
  close(fd: number): void;
  opendir(path: string): Dir;
  /** Some names, byte strings; none at the end. */
  names(directory: Dir): string[];
  closedir(directory: Dir): void;
  /** Device and inode, exactly. */
  identity(fd: number): string;
}

export type CallName = keyof Calls;
export type CallOf<Name extends CallName> = readonly [Name, ...Parameters<Calls[Name]>];
export type TreeCall = { [Name in CallName]: CallOf<Name> }[CallName];

/** A walk that is written once, and made by blocking calls or in the thread pool, as its runner sees fit. */
export type Walk<Result> = Generator<TreeCall, Result, unknown>;

/** Makes one call; throws its error. */
export function* make<Name extends CallName>(...call: CallOf<Name>): Walk<ReturnType<Calls[Name]>> {
  return (yield call as unknown as TreeCall) as ReturnType<Calls[Name]>;
}

const ENTRIES_PER_READ = 64;
/** `'buffer'` works, though the types do not have it; and Node looks a name up where the file system does not tell its type. */
const BYTES = { encoding: 'buffer' as BufferEncoding, bufferSize: ENTRIES_PER_READ };

export function callSync(call: TreeCall): unknown {
  switch (call[0]) {
    case 'open':
      return fs.openSync(call[1], call[2]);
    case 'fstat':
      return fs.fstatSync(call[1]);
    case 'chmod':
      fs.chmodSync(call[1], call[2]);
      return undefined;
    case 'close':
      fs.closeSync(call[1]);
      return undefined;
    case 'opendir':
      return fs.opendirSync(call[1], BYTES);
    case 'names':
      return someNames(call[1]);
    case 'closedir':
      call[1].closeSync();
      return undefined;
    case 'identity':
    default:
      return identityOf(fs.fstatSync(call[1], { bigint: true }));
  }
}

export function callInPool(call: TreeCall): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const done = (error: Error | null, value?: unknown): void => (error === null ? resolve(value) : reject(error));
    switch (call[0]) {
      case 'open':
        return fs.open(call[1], call[2], done);
      case 'fstat':
        return fs.fstat(call[1], done);
      case 'chmod':
        return fs.chmod(call[1], call[2], done);
      case 'close':
        return fs.close(call[1], done);
      case 'opendir':
        return fs.opendir(call[1], BYTES, done);
      case 'names':
        return call[1].read((error, entry) => done(error, error !== null || entry === null ? [] : [byteName(entry)]));
      case 'closedir':
        return call[1].close(done);
      case 'identity':
        return fs.fstat(call[1], { bigint: true }, (error, stats) => done(error, error === null && identityOf(stats)));
    }
  });
}

function someNames(directory: Dir): string[] {
  const names: string[] = [];
  while (names.length < ENTRIES_PER_READ) {
    const entry = directory.readSync();
    if (entry === null) break;
    names.push(byteName(entry));
  }
  return names;
}

/** One character a byte: whatever is in a name, it is the same name on the way back. */
function byteName(entry: Dirent): string {
  return (entry.name as unknown as Buffer).toString('latin1');
}

function identityOf({ dev, ino }: BigIntStats): string {
  return `${dev}:${ino}`;
}
