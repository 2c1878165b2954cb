import { readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';

import {
  checkBoolean,
  checkInteger,
  checkOneOf,
  checkOptions,
  hasCode,
  SystemError,
  withSystemErrors,
} from '@osx/errors';

import { threadNameBytes } from '../internal/thread-name-bytes.ts';
import { isProcMounted, noProc } from '../internal/proc-file.ts';
import { getThreadName, setThreadName } from './thread-name.ts';

/** Options of {@link getThreadTitle}. */
export interface GetThreadTitleOptions {
  /** A thread of this process, as {@link listThreadIds} has it; default: the calling one. */
  threadId?: number | undefined;
  /** `buffer`: the exact bytes; as a string (default), bytes that are not UTF-8 appear as U+FFFD. */
  encoding?: 'utf8' | 'buffer' | undefined;
}

/** Options of {@link setThreadTitle}. */
export interface SetThreadTitleOptions {
  /** A thread of this process, as {@link listThreadIds} has it; default: the calling one. */
  threadId?: number | undefined;
  /** Cut a longer title to 15 bytes, a string behind a whole character; default false: it is refused. */
  truncate?: boolean | undefined;
}

/**
 * Reads the title of any thread of this process (`/proc/self/task/TID/comm`), as `top -H` shows it.
 *
 * **Platform** Linux 2.6.33, with procfs; without a `threadId`, {@link getThreadName}.
 *
 * @throws {SystemError} ESRCH: no thread of this process has that id.
 * @throws {UnsupportedError} where /proc is not mounted.
 *
 * @example
 * ```ts
 * import { getThreadTitle, listThreadIds } from '@osx/linux/prctl';
 *
 * const titles = listThreadIds().map((threadId) => getThreadTitle({ threadId }));
 * console.log(titles.length > 1); // true: V8 and libuv have threads of their own
 * ```
 *
 * @see https://man7.org/linux/man-pages/man5/proc_pid_comm.5.html
 */
export function getThreadTitle(options?: GetThreadTitleOptions & { encoding?: 'utf8' | undefined }): string;
export function getThreadTitle(options: GetThreadTitleOptions & { encoding: 'buffer' }): Buffer;
export function getThreadTitle(options?: GetThreadTitleOptions): string | Buffer {
  const { threadId, encoding = 'utf8' } = checkOptions('options', options);
  checkOneOf('options.encoding', encoding, ['utf8', 'buffer']);
  if (threadId === undefined) return encoding === 'buffer' ? getThreadName({ encoding }) : getThreadName();
  const path = commOf(threadId);
  const line = ofThread(threadId, () => readFileSync(path), path);
  const title = line.subarray(0, -1);
  return encoding === 'buffer' ? title : title.toString();
}

/**
 * Gives any thread of this process a title, from whichever thread: the Worker's name in `top -H`, `ps -L` and debuggers.
 *
 * **Platform** Linux 2.6.33, with procfs; without a `threadId`, {@link setThreadName}.
 *
 * **Gotchas** The main thread's title is the process's name for `ps` and `pgrep`; its id is `process.pid`. Threads of other processes
 * cannot be titled.
 *
 * @param title At most 15 **bytes** (UTF-8), no NUL; may be empty.
 * @throws {SystemError} ESRCH: no thread of this process has that id.
 * @throws {UnsupportedError} where /proc is not mounted.
 *
 * @example
 * ```ts
 * import { getThreadTitle, setThreadTitle } from '@osx/linux/prctl';
 *
 * setThreadTitle('indexer', { threadId: process.pid }); // the main thread, whoever calls
 * console.log(getThreadTitle({ threadId: process.pid })); // indexer
 * ```
 *
 * @see https://man7.org/linux/man-pages/man5/proc_pid_comm.5.html
 */
export function setThreadTitle(title: string | Buffer, options?: SetThreadTitleOptions): void {
  const { threadId, truncate = false } = checkOptions('options', options);
  checkBoolean('options.truncate', truncate);
  const bytes = threadNameBytes('title', title, truncate);
  if (threadId === undefined) return setThreadName(bytes);
  const path = commOf(threadId);
  // Nothing written would change nothing: the NUL ends an empty title too.
  ofThread(threadId, () => writeFileSync(path, Buffer.concat([bytes, Buffer.alloc(1)]), { flag: 'r+' }), path);
}

/**
 * The ids of all threads of this process: V8's, libuv's, Workers' and the main one's, which is `process.pid`.
 *
 * **Platform** Linux, with procfs.
 *
 * @returns In ascending order. Threads may end at any time.
 * @throws {UnsupportedError} where /proc is not mounted.
 */
export function listThreadIds(): number[] {
  try {
    return readdirSync('/proc/self/task')
      .map(Number)
      .toSorted((one, other) => one - other);
  } catch (error) {
    throw isProcMounted() ? error : noProc(error);
  }
}

/**
 * The kernel's id of the calling thread: gettid(2), as procfs counts. Not `worker_threads.threadId`, which is Node's own count.
 *
 * **Platform** Linux 3.17, with procfs.
 *
 * @throws {UnsupportedError} where /proc is not mounted.
 *
 * @example
 * ```ts
 * import { currentThreadId } from '@osx/linux/prctl';
 *
 * console.log(currentThreadId() === process.pid); // true on the main thread
 * ```
 *
 * @see https://man7.org/linux/man-pages/man2/gettid.2.html
 */
export function currentThreadId(): number {
  try {
    return Number(readlinkSync('/proc/thread-self').split('/').at(-1));
  } catch (error) {
    throw isProcMounted() ? error : noProc(error);
  }
}

function commOf(threadId: number): string {
  checkInteger('options.threadId', threadId, { min: 1, max: 2 ** 31 - 1 });
  return `/proc/self/task/${threadId}/comm`;
}

function ofThread<Result>(threadId: number, call: () => Result, path: string): Result {
  try {
    return withSystemErrors(call, path);
  } catch (error) {
    if (!hasCode(error, ['ENOENT', 'ESRCH'])) throw error;
    if (!isProcMounted()) throw noProc(error);
    const message = `this process has no thread ${threadId}`;
    throw new SystemError({ code: 'ESRCH', syscall: 'open', path, message, cause: error });
  }
}
