import { checkInteger, checkOneOf, checkOptions, checkPath } from '@osx/errors';
import type { PathLike } from '@osx/errors';

import type { DeathpactOptions } from './deathpact.ts';
import { absolutePath } from './internal/absolute-path.ts';
import { checkPactOptions } from './internal/check-pact-options.ts';
import { HeartbeatReader } from './internal/heartbeat-reader.ts';
import { Pact } from './internal/pact.ts';

const DEFAULT_TTL_MS = 5_000;
/** A look that comes later than this part of `ttlMs` shows that this process, too, stood still. */
const LATE = 0.5;
/** Past the end of a beat's time, not shortly before it. */
const AFTER_MS = 1;

/** Options of {@link HeartbeatFileDeathpact}. */
export interface HeartbeatFileDeathpactOptions extends DeathpactOptions {
  /** What the {@link HeartbeatFile} writes. */
  readonly path: PathLike;
  /** How old, in milliseconds, the last beat may be: 1 to 2,147,483,647. Three beats at least. Default 5,000. */
  readonly ttlMs?: number | undefined;
  /**
   * `'same'`, the default: the pact is with who beats when it is made; a successor that beats in the same file does not
   * keep this process alive. `'any'`: whoever beats does.
   */
  readonly writer?: 'same' | 'any' | undefined;
}

/**
 * Lives as long as somebody beats: the event loop of the parent must turn, not only its process exist.
 *
 * It dies when the file is missing, is no heartbeat, is of another boot, of another writer, or when its beat is older than
 * `ttlMs`, by a clock that nobody can set and that stands still while the machine is suspended. It looks when the last beat
 * it saw runs out, about once in `ttlMs`. When the file says so already it dies at once, in the constructor.
 *
 * **Platform** Everywhere; run on Linux. The boot is known on Linux only. Works in Workers, for the whole process.
 *
 * **Gotchas**
 * - A parent that is blocked, stopped or swapped out for longer than `ttlMs` counts as dead.
 * - When this process itself was held up (stopped, blocked, the whole machine frozen) it cannot tell a dead parent from one that
 *   was held up with it, and gives it one more `ttlMs`.
 * - A file that cannot be read (EMFILE, EIO) says nothing; without a beat for `ttlMs` that is the end, too.
 *
 * @throws {TypeError|RangeError} on a bad argument, before any system call.
 * @throws {SystemError} EACCES and the like: the file cannot be read when the pact is made.
 * @example
 * ```ts
 * import { HeartbeatFile, HeartbeatFileDeathpact } from '@osx/deathpacts';
 *
 * using heartbeat = new HeartbeatFile({ path: 'alive' }); // usually in the parent
 * using pact = new HeartbeatFileDeathpact({ path: 'alive', ttlMs: 5000 });
 * using forTheChildren = new HeartbeatFile({ path: 'alive-2', chain: pact });
 * console.log(pact.shouldDie()); // false
 * pact.close();
 * ```
 */
export class HeartbeatFileDeathpact extends Pact {
  /** Absolute. */
  readonly path: string | Buffer;
  readonly ttlMs: number;
  readonly #reader: HeartbeatReader;
  #timer: NodeJS.Timeout | undefined;
  #isReferenced = false;

  constructor(options: HeartbeatFileDeathpactOptions) {
    const plan = checkPactOptions(options);
    const { path, ttlMs = DEFAULT_TTL_MS, writer = 'same' } = checkOptions('options', options);
    const checkedPath = checkPath('options.path', path);
    checkInteger('options.ttlMs', ttlMs, { min: 1, max: 2 ** 31 - 1 });
    checkOneOf('options.writer', writer, ['same', 'any']);
    super(plan);
    this.path = absolutePath(checkedPath);
    this.ttlMs = ttlMs;
    this.#reader = new HeartbeatReader(this.path, { ttlMs, isPinned: writer === 'same' });
    this.#reader.begin();
    if (!plan.watch) return;
    this.poll();
    this.#look();
  }

  /** Lets the process live as long as there are beats, though it have nothing else to do. */
  ref(): this {
    this.#isReferenced = true;
    this.#timer?.ref();
    return this;
  }

  /** Lets the process end when it has nothing else to do (the default). */
  unref(): this {
    this.#isReferenced = false;
    this.#timer?.unref();
    return this;
  }

  /** @internal */
  protected findReason(): string | undefined {
    return this.#reader.reason();
  }

  /** @internal */
  protected letGo(): void {
    clearTimeout(this.#timer);
  }

  /** Sets the timer for the end of the last beat's time. */
  #look(): void {
    if (this.isClosed || this.isDying) return;
    const leftMs = Math.max(0, this.#reader.leftMs()) + AFTER_MS;
    const due = performance.now() + leftMs;
    this.#timer = setTimeout(() => {
      if (performance.now() - due > this.ttlMs * LATE) this.#reader.excuse();
      this.poll();
      this.#look();
    }, leftMs);
    if (!this.#isReferenced) this.#timer.unref();
  }
}
