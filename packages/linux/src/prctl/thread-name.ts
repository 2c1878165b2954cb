import { checkBoolean, checkOneOf, checkOptions } from '@osx/errors';
import { toCString } from '@osx/native-ffi';

import { prctl } from '../internal/prctl-calls.ts';
import { PR_GET_NAME, PR_SET_NAME, TASK_COMM_BYTES } from '../internal/prctl-constants.ts';
import { threadNameBytes } from '../internal/thread-name-bytes.ts';

const GET = { option: PR_GET_NAME, feature: 'PR_GET_NAME', requires: 'Linux 2.6.11' };
const SET = { option: PR_SET_NAME, feature: 'PR_SET_NAME', requires: 'Linux 2.6.9' };

/** Options of {@link setThreadName}. */
export interface SetThreadNameOptions {
  /** Cut a longer name to 15 bytes, a string behind a whole character; default false: it is refused. */
  truncate?: boolean | undefined;
}

/**
 * Reads the name of the calling thread (`PR_GET_NAME`); on the main thread it is what `ps` and `pgrep` call the process.
 *
 * **Platform** Linux 2.6.11. Per thread: in a Worker it is the Worker's.
 *
 * @param options `encoding: 'buffer'`: the exact bytes; as a string, bytes that are not UTF-8 appear as U+FFFD.
 * @throws {UnsupportedError} where a seccomp filter forbids prctl.
 *
 * @example
 * ```ts
 * import { getThreadName } from '@osx/linux/prctl';
 *
 * console.log(getThreadName().length > 0); // true
 * ```
 *
 * @see https://man7.org/linux/man-pages/man2/PR_GET_NAME.2const.html
 */
export function getThreadName(options?: { encoding?: 'utf8' | undefined }): string;
export function getThreadName(options: { encoding: 'buffer' }): Buffer;
export function getThreadName(options?: { encoding?: 'utf8' | 'buffer' | undefined }): string | Buffer {
  const { encoding = 'utf8' } = checkOptions('options', options);
  checkOneOf('options.encoding', encoding, ['utf8', 'buffer']);
  const bytes = Buffer.alloc(TASK_COMM_BYTES);
  prctl(GET, bytes);
  const name = bytes.subarray(0, bytes.indexOf(0));
  return encoding === 'buffer' ? name : name.toString();
}

/**
 * Names the calling thread (`PR_SET_NAME`), as seen in `/proc/PID/task/TID/comm`, `top -H` and debuggers.
 *
 * **Platform** Linux 2.6.9. Per thread: in a Worker it names the Worker's thread. On the main thread it names the process
 * for `ps` and `pkill`.
 *
 * **Gotchas** The kernel cuts at 15 bytes without a word, which makes two names of many: longer ones are refused here
 * unless `truncate` asks for the cut. Assigning `process.title` names the main thread too.
 *
 * @param name At most 15 **bytes** (UTF-8), no NUL; may be empty.
 * @param options See {@link SetThreadNameOptions}.
 * @throws {UnsupportedError} where a seccomp filter forbids prctl.
 *
 * @example
 * ```ts
 * import { readFileSync } from 'node:fs';
 * import { setThreadName } from '@osx/linux/prctl';
 *
 * setThreadName('indexer');
 * console.log(readFileSync('/proc/thread-self/comm', 'utf8').trim()); // indexer
 * ```
 *
 * @see https://man7.org/linux/man-pages/man2/PR_SET_NAME.2const.html
 */
export function setThreadName(name: string | Buffer, options?: SetThreadNameOptions): void {
  const { truncate = false } = checkOptions('options', options);
  checkBoolean('options.truncate', truncate);
  prctl(SET, toCString(threadNameBytes('name', name, truncate)));
}
