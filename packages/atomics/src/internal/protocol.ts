import fs from 'node:fs';
import type { Dirent, Stats } from 'node:fs';

import type { FilePath } from './file-path.ts';

/**
 * The write protocol is written once, as generators that yield file system calls; one of the two runners below makes
 * them, with callbacks or blocking. So `writeFileAtomic` and its Sync twin cannot drift apart.
 */
interface FsCalls {
  open(path: FilePath, flags: number, mode?: number): number;
  write(fd: number, data: Uint8Array, offset: number, length: number, position: null): number;
  fchmod(fd: number, mode: number): void;
  fchown(fd: number, uid: number, gid: number): void;
  fsync(fd: number): void;
  close(fd: number): void;
  lstat(path: FilePath): Stats;
  readlink(path: FilePath, options: { encoding: 'buffer' }): Buffer;
  rename(from: FilePath, to: FilePath): void;
  link(from: FilePath, to: FilePath): void;
  unlink(path: FilePath): void;
  chmod(path: FilePath, mode: number): void;
  mkdir(path: FilePath, mode: number): void;
  rmdir(path: FilePath): void;
  readdir(path: FilePath, options: { encoding: 'buffer'; withFileTypes: true }): Dirent<Buffer>[];
}

type CallName = keyof FsCalls;
type CallOf<Name extends CallName> = readonly [Name, ...Parameters<FsCalls[Name]>];
export type Call = { [Name in CallName]: CallOf<Name> }[CallName];

/** What a call came to. `error` is undefined exactly when the call succeeded. */
export interface Outcome<T = unknown> {
  readonly error: NodeJS.ErrnoException | undefined;
  readonly value: T;
}

type OutcomesOf<Calls extends readonly Call[]> = {
  -readonly [Index in keyof Calls]: Outcome<ReturnType<FsCalls[Calls[Index][0]]>>;
};

/** Yields calls that are independent of each other; resumes when all of them have ended. */
export type Protocol<T> = Generator<readonly Call[], T, Outcome[]>;

/** Makes one call; throws its error. */
export function* make<Name extends CallName>(...call: CallOf<Name>): Protocol<ReturnType<FsCalls[Name]>> {
  const [outcome] = yield [call as unknown as Call];
  const { error, value } = outcome as Outcome<ReturnType<FsCalls[Name]>>;
  if (error !== undefined) throw error;
  return value;
}

/** Makes independent calls, at once where the runner can; throws nothing. */
export function* together<const Calls extends readonly Call[]>(calls: Calls): Protocol<OutcomesOf<Calls>> {
  return (yield calls) as unknown as OutcomesOf<Calls>;
}

type Callback = (error: NodeJS.ErrnoException | null, value?: unknown) => void;
type AsyncFs = Record<CallName, (...args: [...unknown[], Callback]) => void>;
type SyncFs = Record<`${CallName}Sync`, (...args: unknown[]) => unknown>;

/** Runs a protocol on the event loop, each group of calls on the thread pool. */
export function runAsync<T>(protocol: Protocol<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const advance = (outcomes: Outcome[]): void => {
      try {
        const step = protocol.next(outcomes);
        if (step.done === true) resolve(step.value);
        else issue(step.value, advance);
      } catch (error) {
        // oxlint-disable-next-line typescript/prefer-promise-reject-errors -- an abort's reason may be anything
        reject(error);
      }
    };
    advance([]);
  });
}

function issue(calls: readonly Call[], done: (outcomes: Outcome[]) => void): void {
  const outcomes = Array.from<Outcome>({ length: calls.length });
  let pending = calls.length;
  for (const [index, [name, ...args]] of calls.entries()) {
    (fs as unknown as AsyncFs)[name](...args, (error, value) => {
      outcomes[index] = { error: error ?? undefined, value };
      if (--pending === 0) done(outcomes);
    });
  }
}

/** Runs a protocol with blocking calls. */
export function runSync<T>(protocol: Protocol<T>): T {
  let outcomes: Outcome[] = [];
  for (;;) {
    const step = protocol.next(outcomes);
    if (step.done === true) return step.value;
    outcomes = step.value.map(attempt);
  }
}

function attempt([name, ...args]: Call): Outcome {
  try {
    return { error: undefined, value: (fs as unknown as SyncFs)[`${name}Sync`](...args) };
  } catch (error) {
    return { error: error as NodeJS.ErrnoException, value: undefined };
  }
}
