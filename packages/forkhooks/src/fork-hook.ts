import type { ChildProcess } from 'node:child_process';
import type { Worker } from 'node:worker_threads';

/** Which function starts the child; `'fork(2)'` is the true fork of `@osx/forkhooks/experimental-fork`. */
export type ForkKind =
  | 'spawn'
  | 'exec'
  | 'execFile'
  | 'fork'
  | 'cluster'
  | 'spawnSync'
  | 'execSync'
  | 'execFileSync'
  | 'worker'
  | 'fork(2)';

/**
 * A child that is about to be started. `beforeFork` amends it by changing it: `command`, and what is in `args`, `env` and
 * `options`, are the hook's to write. All hooks of one start see one event.
 */
export interface ForkEvent {
  readonly kind: ForkKind;
  /** The program that is executed (the shell, where there is one); of a Worker its file, URL or, with `eval`, its code. */
  command: string;
  /** Its arguments, without `argv[0]`. */
  args: string[];
  /** The whole environment of the child, a copy. Frozen where the child has no environment of its own. */
  env: Record<string, string | undefined>;
  /** The other options of the start, as Node understands them: `cwd`, `argv0`, `stdio`, `detached`, `uid`, ... */
  options: Record<string, unknown>;
}

/** How the start of a child went. */
export interface ForkOutcome {
  /** What this hook's `beforeFork` returned. */
  readonly data: unknown;
  /** The pid of the child; absent when there is none, and for a Worker. */
  readonly pid?: number;
  /** What the caller gets; absent for the Sync functions, whose child has ended by now, and for `'fork(2)'`. */
  readonly child?: ChildProcess | Worker;
  /** Why there is no child. */
  readonly error?: unknown;
  /** True when the start was called off because another hook's `beforeFork` threw `error`. */
  readonly unwound: boolean;
}

/** What `afterForkInChild` is told. */
export interface ForkedChild {
  readonly key: string;
  readonly kind: ForkKind;
  /** What this hook's `beforeFork` returned in the parent, as JSON has it. */
  readonly data: unknown;
  readonly parent: { readonly pid: number; readonly threadId: number };
}

/** See {@link addForkHook}. */
export interface ForkHook {
  /** Names the hook; there is one hook of a key in a thread. */
  readonly key: string | symbol;
  /** A hook of higher priority is further out: first before the start, last after it. Any finite number; default 0. */
  readonly priority?: number | undefined;
  /**
   * Runs before the child is started, and may amend the event. Its result is handed to the other two as `data`. If it
   * throws, there is no child, and the caller of `spawn` gets the error.
   */
  readonly beforeFork?: ((event: ForkEvent) => unknown) | undefined;
  /** Runs in the parent when the child was started, when it could not be, and when another hook called it off. */
  readonly afterForkInParent?: ((event: ForkEvent, outcome: ForkOutcome) => unknown) | undefined;
  /**
   * Runs in a child that is a Node program or a Worker, before any of its own code. A function is sent as its source: it
   * sees nothing of what surrounds it here. A file URL or an absolute path names a module whose default export is called.
   */
  readonly afterForkInChild?: ((child: ForkedChild) => unknown) | URL | string | undefined;
}
