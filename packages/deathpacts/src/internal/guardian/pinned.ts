import { isSystemError } from '@osx/errors';

/** As much of a pidfd as the guardian needs. */
export interface Pinned {
  readonly pid: number;
  readonly exited: Promise<unknown>;
  sendSignal(signal: number): void;
  isAlive(): boolean;
  close(): void;
}

/** Sends a signal to a process, or to nobody. @returns Whether it may be sent to it: false is EPERM, for another user's. */
export function sendTo(pinned: Pinned, signal: number): boolean {
  try {
    pinned.sendSignal(signal);
    return true;
  } catch (error) {
    // EBADF: it had ended, and was let go of.
    if (isSystemError(error, ['ESRCH', 'EBADF'])) return true;
    if (isSystemError(error, 'EPERM')) return false;
    throw error;
  }
}

/** Resolves when all of them have ended; also those that were let go of, which happens to none that lives. */
export async function allEnded(pinned: readonly Pinned[]): Promise<void> {
  await Promise.all(pinned.map(({ exited }) => exited.catch(() => {})));
}
