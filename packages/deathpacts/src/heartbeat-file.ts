import { unlinkSync } from 'node:fs';

import { checkFunction, checkInteger, checkOptions, checkPath, hasCode, invalidArgType } from '@osx/errors';
import type { PathLike } from '@osx/errors';

import type { Deathpact } from './deathpact.ts';
import { absolutePath } from './internal/absolute-path.ts';
import { formatRecord, readRecord } from './internal/heartbeat-record.ts';
import { monotonicNs, ownClockDomain } from './internal/monotonic-clock.ts';
import { replaceFile } from './internal/replace-file.ts';

const DEFAULT_INTERVAL_MS = 1_000;
const DEFAULT_MODE = 0o644;

/** Options of {@link HeartbeatFile}. */
export interface HeartbeatFileOptions {
  /** The file; a tmpfs (`/run`, `/dev/shm`) never makes the event loop wait for a disk. */
  readonly path: PathLike;
  /** Milliseconds between two beats, a third of the readers' `ttlMs` at most; 0: only `beat()` beats. Default 1,000. */
  readonly intervalMs?: number | undefined;
  /** Permissions of the file, less the umask. Default 0o644. */
  readonly mode?: number | undefined;
  /** The pact that this process itself lives by: when it should die, no beat is written any more. */
  readonly chain?: Deathpact | undefined;
  /** Told of beats that failed on the timer; without it they are Node warnings. */
  readonly onError?: ((error: unknown) => void) | undefined;
}

/**
 * The parent's side of {@link HeartbeatFileDeathpact}: a file that says "alive" anew every second, as long as the event loop
 * turns.
 *
 * The first beat is written by the constructor: make it before the children. Each replaces the file in one step, from the same
 * directory. The timer does not keep the process alive.
 *
 * **Platform** Everywhere; run on Linux.
 *
 * **Gotchas** A process that is blocked, stopped or swapped out for longer than the readers' `ttlMs` loses its children.
 *
 * @throws {TypeError|RangeError} on a bad argument, before any system call.
 * @throws {SystemError} of the first beat: EACCES, ENOENT (no such directory), ENOSPC, EROFS.
 * @example
 * ```ts
 * import { HeartbeatFile, HeartbeatFileDeathpact } from '@osx/deathpacts';
 *
 * using heartbeat = new HeartbeatFile({ path: 'alive', intervalMs: 100 });
 * using pact = new HeartbeatFileDeathpact({ path: 'alive', ttlMs: 1000 }); // usually in another process
 * console.log(pact.shouldDie()); // false
 * heartbeat.beat();
 * pact.close();
 * ```
 */
export class HeartbeatFile implements Disposable {
  /** Absolute. */
  readonly path: string | Buffer;
  readonly #mode: number;
  readonly #chain: Deathpact | undefined;
  readonly #onError: ((error: unknown) => void) | undefined;
  readonly #writer: string;
  readonly #timer: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(options: HeartbeatFileOptions) {
    const {
      path,
      intervalMs = DEFAULT_INTERVAL_MS,
      mode = DEFAULT_MODE,
      chain,
      onError,
    } = checkOptions('options', options);
    this.path = absolutePath(checkPath('options.path', path));
    checkInteger('options.intervalMs', intervalMs, { min: 0, max: 2 ** 31 - 1 });
    this.#mode = checkInteger('options.mode', mode, { min: 0, max: 0o777 });
    if (chain !== undefined && typeof (chain as Partial<Deathpact> | null)?.shouldDie !== 'function') {
      throw invalidArgType('options.chain', 'a Deathpact', chain);
    }
    this.#chain = chain;
    this.#onError = onError === undefined ? undefined : checkFunction('options.onError', onError);
    this.#writer = process.getBuiltinModule('node:crypto').randomBytes(16).toString('hex');
    this.beat();
    if (intervalMs > 0) this.#timer = setInterval(() => this.#tick(), intervalMs).unref();
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /**
   * Writes a beat, now. When the `chain` should die it is polled instead, and nothing is written. Nothing after `close()`.
   *
   * @throws {SystemError} EACCES, ENOENT, ENOSPC, EROFS; the last beat stays as it was.
   */
  beat(): void {
    if (this.#isClosed) return;
    if (this.#chain?.shouldDie() === true) {
      this.#chain.poll();
      return;
    }
    const { pid } = process;
    const record = { writer: this.#writer, pid, ...ownClockDomain(), monotonicNs: monotonicNs() };
    replaceFile(this.path, formatRecord(record), this.#mode);
  }

  /** Beats no more, and removes the file if it is still this one's: the children die at their next look. Idempotent. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    clearInterval(this.#timer);
    const reading = readRecord(this.path);
    if (reading.state !== 'record' || reading.record.writer !== this.#writer) return;
    try {
      unlinkSync(this.path);
    } catch (error) {
      // It says nothing any more once it is older than a reader's ttlMs.
      if (!hasCode(error, ['ENOENT', 'EACCES', 'EPERM', 'EROFS'])) throw error;
    }
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #tick(): void {
    try {
      this.beat();
    } catch (error) {
      if (this.#onError !== undefined) this.#onError(error);
      else process.emitWarning(error as Error);
    }
  }
}
