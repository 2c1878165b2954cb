import {
  abortReason,
  checkAbortSignal,
  checkBoolean,
  checkFd,
  checkInteger,
  checkOptions,
  checkPath,
  checkTimeoutMs,
  SystemError,
  throwIfAborted,
} from '@osx/errors';
import type { PathLike } from '@osx/errors';
import { lockFile, tryLockFile } from '@osx/fcntl';
import type { FileLock, TryLockOptions } from '@osx/fcntl';
import { parseSignal } from '@osx/signals';

import { absolutePath } from './internal/absolute-path.ts';
import { checkInfo } from './internal/check-info.ts';
import { adoptLock, holdLock } from './internal/held-lock.ts';
import type { HeldLock } from './internal/held-lock.ts';
import { ownFacts } from './internal/process-facts.ts';
import { emptyFile, writeRecord } from './internal/record-file.ts';
import { formatRecord } from './internal/record-text.ts';
import { checkWritable } from './internal/regular-file.ts';
import { removePidfile } from './internal/remove-pidfile.ts';
import { pinPidfileOwner } from './pin-pidfile-owner.ts';
import type {
  AdoptPidfileOptions,
  ClosePidfileOptions,
  OpenPidfileOptions,
  PidfileWaitOptions,
} from './pidfile-options.ts';
import type { PidfileRecord, RecordInfo } from './pidfile-record.ts';
import { readPidfile } from './read-pidfile.ts';

/** Made by the two factories. */
interface PidfileParts {
  readonly path: string | Buffer;
  readonly create: boolean;
  readonly mode: number;
  readonly inheritable: boolean;
  readonly held: HeldLock | undefined;
}

/**
 * A pidfile, step by step: open, lock, write, close. {@link acquirePidfile} does the first three.
 *
 * The lock says that somebody runs, the record says who. The kernel drops the lock when its holder dies, by whatever
 * means: a pidfile that nobody has locked means nothing, whatever stands in it, and need not be cleaned up. The lock is
 * `flock(2)` on the whole file, as `flopen(3)` and `flock(1)` take it.
 *
 * **Platform** Linux; Darwin not run. Needs a file system with locks: where it has none every attempt fails.
 *
 * **Gotchas** Forgetting the object does not release the lock. Do not close its descriptor by number. Whoever gets a copy of
 * the descriptor, as a child does over stdio, keeps the lock alive.
 *
 * @example
 * ```ts
 * import { Pidfile } from '@osx/pidfiles';
 *
 * using pidfile = Pidfile.open('job.pid');
 * if (pidfile.tryLock()) pidfile.write({ port: 8080 });
 * console.log(pidfile.read()?.pid === process.pid, pidfile.read()?.info); // true { port: 8080 }
 * ```
 * @see https://man.freebsd.org/cgi/man.cgi?query=pidfile&sektion=3
 */
export class Pidfile implements Disposable {
  readonly #parts: PidfileParts;
  #held: HeldLock | undefined;
  #waiting: AbortController | undefined;
  #isClosed = false;

  private constructor(parts: PidfileParts) {
    this.#parts = parts;
    this.#held = parts.held;
  }

  /**
   * Makes sure that there is a pidfile that this process may write, and changes nothing in one that is there.
   *
   * @param path Made absolute here, so that a later chdir does not matter. Not through a symbolic link at its end.
   * @param options See {@link OpenPidfileOptions}.
   * @returns Not locked yet; to be closed.
   * @throws {TypeError|RangeError} on a bad argument, before any system call.
   * @throws {SystemError} ELOOP (a symbolic link); ERR_OSX_INVALID_PIDFILE (a directory, FIFO, socket or device); ENOENT
   *   (no such directory, or `create: false`), EACCES, EROFS, ENOTDIR, EMFILE.
   */
  static open(path: PathLike, options?: OpenPidfileOptions): Pidfile {
    const checkedPath = checkPath('path', path);
    const { create = true, mode = 0o644, inheritable = false } = checkOptions('options', options);
    checkBoolean('options.create', create);
    checkInteger('options.mode', mode, { min: 0, max: 0o7777 });
    checkBoolean('options.inheritable', inheritable);
    const parts = { path: absolutePath(checkedPath), create, mode, inheritable, held: undefined };
    checkWritable(parts.path, create ? { mode } : undefined);
    return new Pidfile(parts);
  }

  /**
   * Takes over a descriptor that came with the lock: a daemon's, whose parent locked the pidfile and passed the descriptor
   * over stdio. The child then writes its own record, and the lock is the child's when the parent closes.
   *
   * **Gotchas** The descriptor belongs to the Pidfile from now on, unless this throws.
   *
   * @param fd Its number here: 3 when it was the fourth of `stdio`.
   * @param path Where the file is.
   * @param options See {@link AdoptPidfileOptions}.
   * @returns Locked; to be closed.
   * @throws {TypeError|RangeError} on a bad argument, before any system call.
   * @throws {SystemError} EBADF; ESTALE (the path leads to another file); EEXIST (another holds the lock).
   */
  static fromFd(fd: number, path: PathLike, options?: AdoptPidfileOptions): Pidfile {
    checkFd('fd', fd);
    const checkedPath = absolutePath(checkPath('path', path));
    const { inheritable = false } = checkOptions('options', options);
    checkBoolean('options.inheritable', inheritable);
    const held = adoptLock(fd, checkedPath, inheritable);
    return new Pidfile({ path: checkedPath, create: false, mode: 0, inheritable, held });
  }

  /** Absolute. */
  get path(): string | Buffer {
    return this.#parts.path;
  }

  /**
   * The descriptor that holds the lock: to pass on, not to close.
   *
   * @throws {SystemError} ERR_OSX_NOT_LOCKED; EBADF (closed).
   */
  get fd(): number {
    return this.#heldLock('fcntl').fd;
  }

  get isLocked(): boolean {
    return this.#held !== undefined;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /**
   * Takes the lock if nobody has it now. The refused one changes nothing: not a byte, not a time.
   *
   * @returns false when another has it, be it another Pidfile of this process; true also when it was locked before.
   * @throws {SystemError} EBADF (closed), EALREADY (a `lock()` waits); ENOLCK, EOPNOTSUPP, ENOSYS, EIO where the file
   *   system cannot lock; ELOOP, ENOENT, EACCES.
   */
  tryLock(): boolean {
    this.#checkLockable();
    if (this.#held !== undefined) return true;
    const lock = tryLockFile(this.path, this.#lockOptions());
    if (lock !== null) this.#held = this.#hold(lock);
    return this.#held !== undefined;
  }

  /**
   * Takes the lock, waiting until nobody else has it: in the event loop, without polling. Returns at once when locked.
   *
   * @param options `signal`, `timeoutMs`; default: no limit.
   * @throws the signal's reason, when aborted.
   * @throws {SystemError} ETIMEDOUT; EBADF (closed, before or meanwhile); and as {@link tryLock}.
   */
  async lock(options?: PidfileWaitOptions): Promise<void> {
    const { signal, timeoutMs: limit } = checkOptions('options', options);
    checkAbortSignal('options.signal', signal);
    const timeoutMs = checkTimeoutMs('options.timeoutMs', limit);
    this.#checkLockable();
    throwIfAborted(signal);
    if (this.#held !== undefined) return;
    const closing = new AbortController();
    const abort = (): void => closing.abort(abortReason(signal as AbortSignal));
    signal?.addEventListener('abort', abort, { once: true });
    this.#waiting = closing;
    try {
      const lock = await lockFile(this.path, { ...this.#lockOptions(), signal: closing.signal, timeoutMs });
      if (closing.signal.aborted) {
        lock.release();
        throw closing.signal.reason as Error;
      }
      this.#held = this.#hold(lock);
    } finally {
      signal?.removeEventListener('abort', abort);
      this.#waiting = undefined;
    }
  }

  /**
   * Writes this process's record in place of what the file holds: the pid, and one line of JSON that tells it from every
   * other process (start time, boot, pid namespace, and where the kernel has it an identity).
   *
   * **Gotchas** A daemon writes when it is ready to be signalled: until then its pidfile is empty, and those who look for
   * it wait. It is not flushed to the disk: after a crash of the system it would mean nothing.
   *
   * @param info Kept in the record: whatever JSON holds, 3 KiB at most.
   * @throws {SystemError} ERR_OSX_NOT_LOCKED; EBADF (closed); ENOSPC, EDQUOT, EIO: the file is empty then, and the lock held.
   */
  write(info?: RecordInfo): void {
    const checkedInfo = checkInfo('info', info);
    const { fd } = this.#heldLock('write');
    writeRecord(fd, this.path, formatRecord(process.pid, ownFacts(), checkedInfo));
  }

  /** What the file at the path says now, as {@link readPidfile}: whoever wrote it. */
  read(): PidfileRecord | null {
    this.#checkOpen('read');
    return readPidfile(this.path);
  }

  /**
   * Empties the file; the lock stays.
   *
   * @throws {SystemError} ERR_OSX_NOT_LOCKED; EBADF (closed).
   */
  clear(): void {
    emptyFile(this.#heldLock('ftruncate').fd, this.path);
  }

  /**
   * Sends a signal to the process that owns the pidfile, and to no other: as {@link pinPidfileOwner}, which see.
   *
   * @param signal Name or number; 0 only asks.
   * @throws {TypeError|RangeError} for an unknown signal, before any system call.
   * @throws {SystemError} ESRCH (nobody owns it, or it just ended), EPERM, ETIMEDOUT.
   */
  async kill(signal: number | string): Promise<void> {
    const number = parseSignal(signal);
    this.#checkOpen('kill');
    const owner = await pinPidfileOwner(this.path);
    try {
      owner.kill(number);
    } finally {
      owner.close();
    }
  }

  /**
   * Releases the lock by closing the descriptor, and removes the file if it is this process's own: its record is, and
   * nobody else has the lock, not even by a copy of the descriptor. Where it may not be removed it stays. Idempotent.
   *
   * **Gotchas** So the parent of a daemon closes without doing harm: its child keeps the lock, and the file.
   *
   * @param options `keep`.
   */
  close(options?: ClosePidfileOptions): void {
    const { keep = false } = checkOptions('options', options);
    checkBoolean('options.keep', keep);
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#waiting?.abort(closedError('flock', this.path));
    const held = this.#held;
    if (held === undefined) return;
    this.#held = undefined;
    held.release();
    if (!keep) removePidfile(this.path, held);
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #lockOptions(): TryLockOptions {
    const { create, mode } = this.#parts;
    return { kind: 'flock', followSymlinks: false, create, mode };
  }

  #hold(lock: FileLock): HeldLock {
    return holdLock(lock, this.path, this.#parts.inheritable);
  }

  #checkOpen(syscall: string): void {
    if (this.#isClosed) throw closedError(syscall, this.path);
  }

  #checkLockable(): void {
    this.#checkOpen('flock');
    if (this.#waiting === undefined) return;
    throw new SystemError({ code: 'EALREADY', syscall: 'flock', path: this.path, message: 'lock() is waiting for it' });
  }

  #heldLock(syscall: string): HeldLock {
    this.#checkOpen(syscall);
    if (this.#held !== undefined) return this.#held;
    const message = 'the pidfile is not locked: lock() or tryLock() first';
    throw new SystemError({ code: 'ERR_OSX_NOT_LOCKED', syscall, path: this.path, message });
  }
}

function closedError(syscall: string, path: string | Buffer): SystemError {
  return new SystemError({ code: 'EBADF', syscall, path, message: 'the pidfile is closed' });
}
