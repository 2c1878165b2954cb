import fs from 'node:fs';
import type { BigIntStats, Dirent, StatsFs } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';

/**
 * What is done to files is written once, as generators that yield file system calls; one of the two runners below makes
 * them, with callbacks or blocking. So each function and its Sync twin cannot drift apart.
 */
interface FsCalls {
  open(path: string | Buffer, flags: number, mode?: number): number;
  /** Only for steps that run on the event loop, as is its close. */
  openHandle(path: string | Buffer, flags: number, mode?: number): FileHandle;
  close(fd: number): void;
  closeHandle(handle: FileHandle): void;
  fchmod(fd: number, mode: number): void;
  fsync(fd: number): void;
  chmod(path: string | Buffer, mode: number): void;
  mkdir(path: string | Buffer, mode: number): void;
  rmdir(path: string | Buffer): void;
  unlink(path: string | Buffer): void;
  link(from: string | Buffer, to: string | Buffer): void;
  rename(from: string | Buffer, to: string | Buffer): void;
  lstat(path: string | Buffer, options: { bigint: true }): BigIntStats;
  statfs(path: string | Buffer): StatsFs;
  readdir(path: string | Buffer, options: { encoding: 'buffer'; withFileTypes: true }): Dirent<Buffer>[];
}

type CallName = keyof FsCalls;
type CallOf<Name extends CallName> = readonly [Name, ...Parameters<FsCalls[Name]>];
export type Call = { [Name in CallName]: CallOf<Name> }[CallName];

/** What a call came to. `error` is undefined exactly when the call succeeded. */
export interface Outcome<T = unknown> {
  readonly error: NodeJS.ErrnoException | undefined;
  readonly value: T;
}

/** Yields calls that are independent of each other; resumes when all of them have ended. */
export type Steps<T> = Generator<readonly Call[], T, Outcome[]>;

/** Makes one call; throws its error. */
export function* make<Name extends CallName>(...call: CallOf<Name>): Steps<ReturnType<FsCalls[Name]>> {
  const { error, value } = yield* attempt(...call);
  if (error !== undefined) throw error;
  return value;
}

/** Makes one call; throws nothing. */
export function* attempt<Name extends CallName>(...call: CallOf<Name>): Steps<Outcome<ReturnType<FsCalls[Name]>>> {
  const [outcome] = yield [call as unknown as Call];
  return outcome as Outcome<ReturnType<FsCalls[Name]>>;
}

type Callback = (error: NodeJS.ErrnoException | null, value?: unknown) => void;
type AsyncFs = Record<Exclude<CallName, 'openHandle' | 'closeHandle'>, (...args: [...unknown[], Callback]) => void>;
type SyncFs = Record<`${CallName}Sync`, (...args: unknown[]) => unknown>;

/** Runs steps on the event loop, each group of calls on the thread pool. */
export function runAsync<T>(steps: Steps<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const advance = (outcomes: Outcome[]): void => {
      try {
        const step = steps.next(outcomes);
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
  for (const [index, call] of calls.entries()) {
    const callback: Callback = (error, value) => {
      outcomes[index] = { error: error ?? undefined, value };
      if (--pending === 0) done(outcomes);
    };
    if (call[0] === 'openHandle') settle(fs.promises.open(call[1], call[2], call[3]), callback);
    else if (call[0] === 'closeHandle') settle(call[1].close(), callback);
    else (fs as unknown as AsyncFs)[call[0]](...call.slice(1), callback);
  }
}

function settle(promise: Promise<unknown>, callback: Callback): void {
  void promise.then(
    (value) => callback(null, value),
    (error: unknown) => callback(error as NodeJS.ErrnoException),
  );
}

/** Runs steps with blocking calls. */
export function runSync<T>(steps: Steps<T>): T {
  let outcomes: Outcome[] = [];
  for (;;) {
    const step = steps.next(outcomes);
    if (step.done === true) return step.value;
    outcomes = step.value.map(makeSync);
  }
}

function makeSync([name, ...args]: Call): Outcome {
  try {
    return { error: undefined, value: (fs as unknown as SyncFs)[`${name}Sync`](...args) };
  } catch (error) {
    return { error: error as NodeJS.ErrnoException, value: undefined };
  }
}
