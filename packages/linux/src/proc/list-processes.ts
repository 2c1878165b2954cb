import { opendirSync } from 'node:fs';

import { hasCode, withSystemErrors } from '@osx/errors';

import { isProcMounted, noProc } from '../internal/proc-file.ts';

/**
 * Lists the pids of all processes that this one can see, one after the other and not all at once.
 *
 * **Platform** Linux, with procfs.
 *
 * **Gotchas** A pid may be gone, or another's, when you use it: {@link openProcess} and then look. With `hidepid`, and in a
 * pid namespace, others are not listed.
 *
 * @returns Pids in rising order; processes that start or end meanwhile may be listed or not. Leave the loop early at will.
 * @throws {SystemError} EMFILE, ENFILE, at the first step.
 * @throws {UnsupportedError} where /proc is not mounted.
 *
 * @example
 * ```ts
 * import { listProcesses } from '@osx/linux/proc';
 *
 * console.log([...listProcesses()].includes(process.pid)); // true
 * ```
 *
 * @see https://man7.org/linux/man-pages/man5/proc.5.html
 */
export function* listProcesses(): Generator<number, void, undefined> {
  const directory = openProc();
  try {
    for (;;) {
      const entry = withSystemErrors(() => directory.readSync(), '/proc');
      if (entry === null) return;
      if (/^[1-9]\d*$/.test(entry.name)) yield Number(entry.name);
    }
  } finally {
    directory.closeSync();
  }
}

function openProc(): ReturnType<typeof opendirSync> {
  try {
    if (!isProcMounted()) throw noProc(undefined);
    return withSystemErrors(() => opendirSync('/proc', { bufferSize: 256 }), '/proc');
  } catch (error) {
    throw hasCode(error, 'ENOENT') ? noProc(error) : error;
  }
}
