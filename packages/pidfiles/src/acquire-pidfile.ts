import { checkAbortSignal, checkOptions, checkTimeoutMs, hasCode, throwIfAborted } from '@osx/errors';
import type { PathLike } from '@osx/errors';

import { checkInfo } from './internal/check-info.ts';
import { findOwner } from './internal/find-owner.ts';
import { heldBy } from './internal/held-by.ts';
import type { AcquirePidfileOptions } from './pidfile-options.ts';
import { Pidfile } from './pidfile.ts';

/** The holder ends just as we ask who it is: then it is worth another try, but not for ever. */
const TRIES = 5;

/**
 * Becomes the one process that runs: opens the pidfile, locks it, and writes this process's pid into it.
 *
 * Of any number that start at once exactly one comes through; the others change nothing. It stays so until `close()` or
 * the end of the process, however it ends: a file that was left behind, by a crash or a power cut, is in nobody's way.
 *
 * **Platform** Linux; Darwin not run. Needs a file system with locks: where it has none this fails, and nothing is written.
 *
 * **Gotchas** Keep the result for as long as the process runs. All instances must mean the same file: not one per
 * container, and not one that somebody cleans up by age.
 *
 * @param path Made absolute. Not through a symbolic link at its end.
 * @param options See {@link AcquirePidfileOptions}; `timeoutMs` is 0 by default, Infinity waits for ever.
 * @returns Locked and written; to be closed, by hand or with `using`.
 * @throws {TypeError|RangeError} on a bad argument, before any system call.
 * @throws the signal's reason, when aborted.
 * @throws {PidfileHeldError} EEXIST: another has it, with its `ownerPid`; ETIMEDOUT after `timeoutMs` above 0, likewise.
 * @throws {SystemError} as `Pidfile.open`, `tryLock` and `write`.
 * @example
 * ```ts
 * import { acquirePidfile } from '@osx/pidfiles';
 *
 * using pidfile = await acquirePidfile('job.pid');
 * console.log(pidfile.read()?.pid === process.pid); // true
 * await acquirePidfile('job.pid').catch((error) => console.log(error.code, error.ownerPid === process.pid)); // EEXIST true
 * ```
 * @see https://man.freebsd.org/cgi/man.cgi?query=pidfile_open&sektion=3
 */
export async function acquirePidfile(path: PathLike, options?: AcquirePidfileOptions): Promise<Pidfile> {
  const { info, signal, timeoutMs = 0, mode, inheritable } = checkOptions('options', options);
  checkInfo('options.info', info);
  checkAbortSignal('options.signal', signal);
  const waitMs = checkTimeoutMs('options.timeoutMs', timeoutMs);
  throwIfAborted(signal);
  const pidfile = Pidfile.open(path, { mode, inheritable });
  try {
    await (waitMs === 0 ? lockAtOnce(pidfile, signal) : lockInTime(pidfile, signal, waitMs));
    pidfile.write(info);
    return pidfile;
  } catch (error) {
    pidfile.close({ keep: true });
    throw error;
  }
}

async function lockAtOnce(pidfile: Pidfile, signal: AbortSignal | undefined): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    if (pidfile.tryLock()) return;
    const owner = await findOwner(pidfile.path, signal);
    if (owner !== null || tries === TRIES) throw heldBy(pidfile.path, owner ?? undefined, undefined);
  }
}

async function lockInTime(
  pidfile: Pidfile,
  signal: AbortSignal | undefined,
  waitMs: number | undefined,
): Promise<void> {
  try {
    await pidfile.lock({ signal, timeoutMs: waitMs });
  } catch (error) {
    if (waitMs === undefined || !hasCode(error, 'ETIMEDOUT')) throw error;
    throw heldBy(pidfile.path, (await findOwner(pidfile.path, signal)) ?? undefined, waitMs);
  }
}
