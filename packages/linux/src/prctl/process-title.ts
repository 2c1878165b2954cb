import { checkBoolean, checkOptions, checkString, outOfRange, UnsupportedError } from '@osx/errors';

import { kernelUnits } from '../internal/auxv.ts';
import { cutUtf8 } from '../internal/cut-utf8.ts';
import { parseProcStat } from '../internal/parse-proc-stat.ts';
import { readProcFile } from '../internal/proc-file.ts';
import { setThreadName } from './thread-name.ts';

/** Options of {@link setProcessTitle}. */
export interface SetProcessTitleOptions {
  /** Cut a title that does not fit, behind a whole character; default false: it is refused. */
  truncate?: boolean | undefined;
}

/**
 * How many bytes a process title can have: it is written over the command line that the process was started with.
 *
 * **Platform** Linux, with procfs.
 *
 * @throws {UnsupportedError} where /proc is not mounted.
 *
 * @example
 * ```ts
 * import { processTitleCapacity } from '@osx/linux/prctl';
 *
 * console.log(processTitleCapacity() >= process.execPath.length); // true
 * ```
 */
export function processTitleCapacity(): number {
  const { argStart, argEnd } = parseProcStat(readProcFile('/proc/self/stat'), kernelUnits());
  return Number(argEnd - argStart) - 1;
}

/**
 * Sets what `ps` shows as this process's command (`/proc/PID/cmdline`), and the beginning of it as its name (`/proc/PID/comm`).
 *
 * It is `process.title`, without its silences: that one cuts a title that does not fit, in the middle of a character, ends it at a NUL,
 * and does nothing in a Worker.
 *
 * **Platform** Linux, with procfs. Main thread only.
 *
 * **Gotchas** The arguments are overwritten: who looks for them in `ps` finds the title. How much fits is up to how the process was
 * started: {@link processTitleCapacity}.
 *
 * @param title Text without NUL; may be empty.
 * @param options See {@link SetProcessTitleOptions}.
 * @returns The title as it is now.
 * @throws {RangeError} when it does not fit.
 * @throws {UnsupportedError} in a Worker, and where /proc is not mounted.
 *
 * @example
 * ```ts
 * import { setProcessTitle } from '@osx/linux/prctl';
 *
 * console.log(setProcessTitle('mail: idle')); // mail: idle
 * ```
 *
 * @see https://nodejs.org/api/process.html#processtitle
 */
export function setProcessTitle(title: string, options?: SetProcessTitleOptions): string {
  checkString('title', title);
  if (title.includes('\0')) throw outOfRange('title', 'text without NUL', title);
  const { truncate = false } = checkOptions('options', options);
  checkBoolean('options.truncate', truncate);
  refuseInWorker();
  const capacity = processTitleCapacity();
  const bytes = Buffer.from(title);
  if (bytes.length > capacity && !truncate) {
    throw outOfRange('title', `at most ${capacity} bytes, the length of the first command line`, title);
  }
  const fitting = cutUtf8(bytes, capacity).toString();
  process.title = fitting;
  // libuv names the thread too, and the kernel cuts that at a byte.
  setThreadName(fitting, { truncate: true });
  return fitting;
}

function refuseInWorker(): void {
  if (process.getBuiltinModule('node:worker_threads').isMainThread) return;
  throw new UnsupportedError({
    feature: 'a process title from a Worker',
    requires: 'the main thread: Node ignores it elsewhere',
  });
}
