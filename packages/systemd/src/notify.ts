import { encodeState } from './internal/encode-state.ts';
import { notifyTarget } from './internal/notify-target.ts';
import { send } from './internal/notify-socket.ts';
import type { NotifyFields } from './notify-fields.ts';
import type { NotifyOptions } from './notify-options.ts';

/**
 * Tells the service manager about this service: that it is ready, reloads, stops, how it is, and more (`sd_notify`).
 *
 * The message is sent before the call returns, unless the manager has no room for it: then it waits for room in the event
 * loop. Messages of one thread arrive in the order of their calls. The kernel tells the manager who sent it.
 *
 * **Platform**: Linux. Without `$NOTIFY_SOCKET` it resolves with false on every system, and loads nothing native.
 *
 * **Gotchas**: sent is not heeded. The unit's `NotifyAccess=` says whose word counts: by default the main process's, so not
 * that of `node` under `npm start` or a shell. A process that ends at once after the message may be gone before the
 * manager finds out which service it was of, unless it is the main process: await {@link notifyBarrier}.
 *
 * @param state Fields; or the text of a message, `NAME=VALUE` lines, which is only checked for its form.
 * @returns Whether there was a manager to tell: false when `$NOTIFY_SOCKET` is not set.
 * @throws {TypeError|RangeError} before any system call: an unknown field; a line break or NUL in a value, which would forge a
 *   field; more than 4,096 bytes, which the manager drops; `fds` without a field that wants them, or the reverse.
 * @throws {SystemError} `ERR_OSX_INVALID_ENVIRONMENT`: `$NOTIFY_SOCKET` is no address; `ENOENT`, `ECONNREFUSED`: nobody there;
 *   `EACCES`; `EPERM` for another's `pid`; `ETIMEDOUT`.
 * @throws {UnsupportedError} `ENOTSUP` for an address of AF_VSOCK, or where there are no Unix sockets as descriptors.
 * @example
 * ```ts
 * import { createServer } from 'node:http';
 * import { notify } from '@osx/systemd';
 *
 * const server = createServer((_request, response) => response.end('hello'));
 * server.listen(0, async () => {
 *   await notify({ READY: true, STATUS: 'accepting connections' });
 *   server.close(() => notify({ STOPPING: true }));
 * });
 * ```
 * @see https://www.freedesktop.org/software/systemd/man/latest/sd_notify.html
 */
export async function notify(state: NotifyFields | string, options: NotifyOptions = {}): Promise<boolean> {
  const target = notifyTarget(options);
  const message = encodeState(state, options.fds);
  return await send(target, message, options);
}
