import { encodeState } from './internal/encode-state.ts';
import { notifyTarget } from './internal/notify-target.ts';
import { sendNow } from './internal/notify-socket.ts';
import type { NotifyFields } from './notify-fields.ts';
import type { NotifySyncOptions } from './notify-options.ts';

/**
 * {@link notify} that never waits.
 *
 * @throws As {@link notify}; {SystemError} `EAGAIN` when the manager has no room, or an earlier message waits for it.
 */
export function notifySync(state: NotifyFields | string, options: NotifySyncOptions = {}): boolean {
  const target = notifyTarget(options);
  const message = encodeState(state, options.fds);
  return sendNow(target, message, options);
}
