import { pipe } from '@osx/fds';
import type { Fd } from '@osx/fds';
import type { WaitOptions } from '@osx/sockets';

import { checkWait } from './internal/check-wait.ts';
import { notifyTarget } from './internal/notify-target.ts';
import { send } from './internal/notify-socket.ts';
import type { NotifySyncOptions } from './notify-options.ts';

export interface NotifyBarrierOptions
  extends Pick<NotifySyncOptions, 'socketPath' | 'pid' | 'unsetEnvironment'>, WaitOptions {}

/**
 * Waits until the manager has worked off every message that this process sent before (`sd_notify_barrier`).
 *
 * A short-lived helper that notifies for a service waits for this before it ends: who is gone cannot be attributed. It
 * waits in the event loop for the end of a pipe, whose other end the manager closes when it comes to the message.
 *
 * **Platform**: Linux; systemd 246. An older one closes the descriptor too, as one that it did not ask for.
 *
 * @param options `timeoutMs` is for all of it; by default it waits as long as the manager takes.
 * @returns Whether there was a manager to wait for: false when `$NOTIFY_SOCKET` is not set.
 * @throws {SystemError} `ETIMEDOUT`; else as {@link notify}. `EMFILE`.
 * @example
 * ```ts
 * import { notify, notifyBarrier } from '@osx/systemd';
 *
 * await notify({ STATUS: 'migrated 3 tables' });
 * await notifyBarrier({ timeoutMs: 5_000 });
 * process.exit();
 * ```
 * @see https://www.freedesktop.org/software/systemd/man/latest/sd_notify.html
 */
export async function notifyBarrier(options: NotifyBarrierOptions = {}): Promise<boolean> {
  const target = notifyTarget(options);
  const { signal, timeoutMs } = checkWait(options);
  if (target.address === null) return false;
  const { pid } = options;
  const started = performance.now();
  const { readEnd, writeEnd } = pipe();
  try {
    try {
      await send(target, 'BARRIER=1', { fds: [writeEnd], pid, signal, timeoutMs });
    } finally {
      writeEnd.close();
    }
    const left = timeoutMs === undefined ? undefined : Math.max(0, timeoutMs - (performance.now() - started));
    await untilClosed(readEnd, { signal, timeoutMs: left });
    return true;
  } finally {
    readEnd.close();
  }
}

async function untilClosed(readEnd: Fd, wait: WaitOptions): Promise<void> {
  const ignored = Buffer.alloc(64);
  while ((await readEnd.read(ignored, wait)) > 0);
}
