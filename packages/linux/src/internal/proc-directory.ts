import { closeSync, readFileSync, readdirSync, readlinkSync, statSync } from 'node:fs';

import { asSystemError, hasCode, SystemError } from '@osx/errors';

/**
 * A directory /proc/PID held open. It is of one process for good: once that is reaped every access fails, whoever has the
 * pid by then.
 */
export class ProcDirectory {
  readonly pid: number;
  readonly #fd: number;
  #isClosed = false;

  constructor(fd: number, pid: number) {
    this.#fd = fd;
    this.pid = pid;
  }

  get fd(): number {
    if (this.#isClosed) throw new SystemError({ code: 'EBADF', syscall: 'open', message: 'the process is closed' });
    return this.#fd;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** The way to a file of the directory that does not pass through the pid's number. */
  path(name: string): string {
    return `/proc/self/fd/${this.fd}/${name}`;
  }

  read(name: string): Buffer {
    return this.access(name, (path) => readFileSync(path));
  }

  /** A file that shows memory of the process: empty where it has none. Newer kernels refuse to open it then. */
  readMemory(name: string): Buffer {
    try {
      return this.read(name);
    } catch (error) {
      if (!hasCode(error, 'ESRCH') || this.isGone()) throw error;
      return Buffer.alloc(0);
    }
  }

  list(name: string): string[] {
    return this.access(name, (path) => readdirSync(path));
  }

  readLink(name: string): Buffer {
    return this.access(name, (path) => readlinkSync(path, { encoding: 'buffer' }));
  }

  /** Calls a function of Node's fs; its failure is told with the path that people know. */
  access<Result>(name: string, call: (path: string) => Result): Result {
    const path = this.path(name);
    try {
      return call(path);
    } catch (error) {
      throw this.#failure(error, name);
    }
  }

  /** Whether the process was reaped; a zombie is still there. */
  isGone(): boolean {
    try {
      statSync(this.path('stat'));
      return false;
    } catch (error) {
      if (hasCode(error, ['ENOENT', 'ESRCH'])) return true;
      throw asSystemError(error, { path: `/proc/${this.pid}/stat` });
    }
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    closeSync(this.#fd);
  }

  #failure(error: unknown, name: string): unknown {
    const path = `/proc/${this.pid}/${name}`;
    if (!hasCode(error, ['ENOENT', 'ESRCH']) || !this.isGone()) return asSystemError(error, { path });
    const { syscall } = error as NodeJS.ErrnoException;
    const message = `process ${this.pid} is gone`;
    return new SystemError({ code: 'ESRCH', syscall: syscall ?? 'open', path, message, cause: error });
  }
}
