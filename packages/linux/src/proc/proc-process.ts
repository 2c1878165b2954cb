import { checkFd, hasCode, SystemError } from '@osx/errors';

import { kernelUnits } from '../internal/auxv.ts';
import { decodeMounts } from '../internal/decode-mounts.ts';
import { isBufferEncoding } from '../internal/is-buffer-encoding.ts';
import { parseFdinfo } from '../internal/parse-fdinfo.ts';
import { parseProcLimits } from '../internal/parse-proc-limits.ts';
import { parseProcStat } from '../internal/parse-proc-stat.ts';
import { parseProcStatus } from '../internal/parse-proc-status.ts';
import { processChildren } from '../internal/process-children.ts';
import type { ProcDirectory } from '../internal/proc-directory.ts';
import { splitAtNul } from '../internal/proc-text.ts';
import { decodeLink, readProcLink } from '../internal/read-proc-link.ts';
import type { BufferEncodingOption, TextEncodingOption } from './encoding-option.ts';
import type { MountInfo } from './mount-info.ts';
import type { ProcFdinfo } from './proc-fdinfo.ts';
import type { ProcLimit } from './proc-limit.ts';
import type { ProcLink } from './proc-link.ts';
import type { ProcStat } from './proc-stat.ts';
import type { ProcStatus } from './proc-status.ts';

type EncodingOption = TextEncodingOption | BufferEncodingOption;

/**
 * A process in /proc, pinned by its directory: everything is read from this process, or fails with ESRCH once it was
 * reaped, even when its pid is given away again. Each call reads anew, at once and without a thread.
 *
 * All of them throw SystemErrors: ESRCH (reaped), EACCES or EPERM (another user's process, or hidepid), EBADF (closed).
 *
 * **Platform** Linux, with procfs. Works in Workers; the descriptor is closed when the Worker ends.
 *
 * @example
 * ```ts
 * import { spawn } from 'node:child_process';
 * import { once } from 'node:events';
 * import { openProcess } from '@osx/linux/proc';
 *
 * const child = spawn('sleep', ['60']);
 * using target = openProcess(child.pid as number);
 * console.log(target.stat().ppid === process.pid, target.isAlive()); // true true
 * child.kill();
 * await once(child, 'exit');
 * console.log(target.isAlive()); // false, whoever has the pid by now
 * ```
 *
 * @see https://man7.org/linux/man-pages/man5/proc_pid.5.html
 */
export class ProcProcess implements Disposable {
  readonly #directory: ProcDirectory;

  /** @internal */
  constructor(directory: ProcDirectory) {
    this.#directory = directory;
  }

  /** The number that the process had when it was opened. */
  get pid(): number {
    return this.#directory.pid;
  }

  /**
   * The descriptor of its directory (O_PATH), to hand to openat2 and the like; it stays ours to close.
   *
   * @throws {SystemError} EBADF (closed).
   */
  get fd(): number {
    return this.#directory.fd;
  }

  get isClosed(): boolean {
    return this.#directory.isClosed;
  }

  /** All 52 fields of /proc/PID/stat. */
  stat(): ProcStat {
    return parseProcStat(this.#directory.read('stat'), kernelUnits());
  }

  /** /proc/PID/status: ids, memory, signals, capabilities. */
  status(): ProcStatus {
    return parseProcStatus(this.#directory.read('status'));
  }

  /**
   * Whether it runs; a zombie does not. A process whose first thread has ended runs as long as another does.
   *
   * @returns false also once it was reaped.
   */
  isAlive(): boolean {
    try {
      const { state, numThreads } = this.stat();
      return !['Z', 'X'].includes(state) || numThreads > 1;
    } catch (error) {
      if (hasCode(error, 'ESRCH')) return false;
      throw error;
    }
  }

  /**
   * Its arguments; empty for zombies and kernel threads.
   *
   * **Gotchas** A process can write over them: a title in their place shows as one argument, and where it was filled up with
   * NULs as one argument and many empty ones.
   *
   * @param options `{ encoding: 'buffer' }` for bytes.
   */
  cmdline(options?: TextEncodingOption): string[];
  cmdline(options: BufferEncodingOption): Buffer[];
  cmdline(options?: EncodingOption): string[] | Buffer[] {
    const isBuffer = isBufferEncoding(options);
    const parts = splitAtNul(this.#directory.read('cmdline'));
    return isBuffer ? parts : parts.map(String);
  }

  /**
   * The environment it was started with, as far as it did not write over it; empty for zombies and kernel threads. Of two
   * variables of one name the first counts, as for getenv(3).
   *
   * @param options `{ encoding: 'buffer' }` for the entries as bytes, whatever they are.
   */
  environ(options?: TextEncodingOption): Map<string, string>;
  environ(options: BufferEncodingOption): Buffer[];
  environ(options?: EncodingOption): Map<string, string> | Buffer[] {
    const isBuffer = isBufferEncoding(options);
    const entries = splitAtNul(this.#directory.readMemory('environ'));
    if (isBuffer) return entries;
    const variables = new Map<string, string>();
    for (const entry of entries.map(String)) {
      const equals = entry.indexOf('=');
      const name = entry.slice(0, equals);
      if (equals > 0 && !variables.has(name)) variables.set(name, entry.slice(equals + 1));
    }
    return variables;
  }

  /**
   * The pids of its children, of all its threads; zombies too.
   *
   * Where the kernel was built without CONFIG_PROC_CHILDREN everybody's parent is looked at, in milliseconds.
   *
   * **Gotchas** Children that start or end meanwhile may be missing, and one that ends may hide another: stop the process
   * first where that matters.
   */
  children(): number[] {
    return processChildren(this.#directory);
  }

  /**
   * Its open descriptors: number to what it is open on; those that were closed meanwhile are left out.
   *
   * @param options `{ encoding: 'buffer' }` for bytes.
   */
  fds(options?: TextEncodingOption): Map<number, ProcLink>;
  fds(options: BufferEncodingOption): Map<number, ProcLink<Buffer>>;
  fds(options?: EncodingOption): Map<number, ProcLink> | Map<number, ProcLink<Buffer>> {
    const isBuffer = isBufferEncoding(options);
    const links: [number, ProcLink<Buffer>][] = [];
    const numbers = this.#directory.list('fd').map(Number);
    for (const fd of numbers.toSorted((a, b) => a - b)) {
      const link = readProcLink(this.#directory, `fd/${fd}`);
      if (link !== null) links.push([fd, link]);
    }
    return isBuffer ? new Map(links) : new Map(links.map(([fd, link]) => [fd, decodeLink(link)]));
  }

  /**
   * What the kernel tells of an open descriptor: offset, flags, locks, and what is special to its kind.
   *
   * @throws {SystemError} EBADF: the process has no such descriptor.
   */
  fdinfo(fd: number): ProcFdinfo {
    const name = `fdinfo/${checkFd('fd', fd)}`;
    try {
      return parseFdinfo(this.#directory.read(name));
    } catch (error) {
      if (!hasCode(error, 'ENOENT')) throw error;
      const message = `process ${this.pid} has no descriptor ${fd}`;
      throw new SystemError({
        code: 'EBADF',
        syscall: 'open',
        path: `/proc/${this.pid}/${name}`,
        message,
        cause: error,
      });
    }
  }

  /**
   * Its current directory; null for a zombie.
   *
   * @param options `{ encoding: 'buffer' }` for bytes.
   */
  cwd(options?: TextEncodingOption): ProcLink | null;
  cwd(options: BufferEncodingOption): ProcLink<Buffer> | null;
  cwd(options?: EncodingOption): ProcLink | ProcLink<Buffer> | null {
    return this.#link('cwd', options);
  }

  /**
   * The program that it runs; null for zombies and kernel threads.
   *
   * @param options `{ encoding: 'buffer' }` for bytes.
   */
  exe(options?: TextEncodingOption): ProcLink | null;
  exe(options: BufferEncodingOption): ProcLink<Buffer> | null;
  exe(options?: EncodingOption): ProcLink | ProcLink<Buffer> | null {
    return this.#link('exe', options);
  }

  /**
   * Its root directory; null for a zombie.
   *
   * @param options `{ encoding: 'buffer' }` for bytes.
   */
  root(options?: TextEncodingOption): ProcLink | null;
  root(options: BufferEncodingOption): ProcLink<Buffer> | null;
  root(options?: EncodingOption): ProcLink | ProcLink<Buffer> | null {
    return this.#link('root', options);
  }

  /**
   * The mounts that it sees.
   *
   * @param options `{ encoding: 'buffer' }` for names that are not UTF-8.
   */
  mountinfo(options?: TextEncodingOption): MountInfo[];
  mountinfo(options: BufferEncodingOption): MountInfo<Buffer>[];
  mountinfo(options?: EncodingOption): MountInfo[] | MountInfo<Buffer>[] {
    const isBuffer = isBufferEncoding(options);
    return decodeMounts(this.#directory.read('mountinfo'), isBuffer);
  }

  /** Its resource limits under their C names (`RLIMIT_NOFILE`), for whom prlimit(2) is not permitted. */
  limits(): Map<string, ProcLimit> {
    return parseProcLimits(this.#directory.read('limits').toString('latin1'));
  }

  /** Closes the descriptor; the process is not touched. Idempotent. */
  close(): void {
    this.#directory.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #link(name: string, options: EncodingOption | undefined): ProcLink | ProcLink<Buffer> | null {
    const isBuffer = isBufferEncoding(options);
    const link = readProcLink(this.#directory, name);
    return link === null || isBuffer ? link : decodeLink(link);
  }
}
