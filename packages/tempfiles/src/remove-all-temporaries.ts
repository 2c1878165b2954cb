import { removeLiveTemporaries } from './internal/live-temporaries.ts';

/**
 * Removes, blocking, all named temporaries that this process (or this Worker) still has: for a signal handler of the program's own,
 * before it ends the process by a way that runs no `'exit'` listeners.
 *
 * What cannot be removed stays, without an error, for the sweep. Their owners may be disposed afterwards as before.
 *
 * @example
 * ```ts
 * import { makeTemporaryDirectorySync, removeAllTemporariesSync } from '@osx/tempfiles';
 *
 * makeTemporaryDirectorySync();
 * process.once('SIGUSR2', () => {
 *   removeAllTemporariesSync();
 *   process.kill(process.pid, 'SIGKILL');
 * });
 * ```
 */
export function removeAllTemporariesSync(): void {
  removeLiveTemporaries();
}
