import { checkBoolean, checkOptions, hasCode, UnsupportedError } from '@osx/errors';
import { Fd, setCloseOnExec } from '@osx/fds';

import { describeFd } from './internal/describe-fd.ts';
import { environmentInteger, namesThisProcess } from './internal/environment-integer.ts';
import { invalidEnvironment } from './internal/invalid-environment.ts';
import { ownPidfdId } from './internal/own-pidfd-id.ts';
import type { ListenFd } from './listen-fd.ts';

export interface ListenFdsOptions {
  /** Takes the `LISTEN_*` variables out of `process.env`, whatever comes of the call; a second call then has nothing. */
  unset?: boolean | undefined;
}

/** SD_LISTEN_FDS_START. */
const FIRST = 3;
const VARIABLES = ['LISTEN_PID', 'LISTEN_PIDFDID', 'LISTEN_FDS', 'LISTEN_FDNAMES'];

/**
 * The descriptors that the manager handed to this process: the sockets of socket activation, and those that a former run
 * had it keep (`FDSTORE`).
 *
 * **Platform**: Linux.
 *
 * **Gotchas**: call it once, and with `unset`: a second call makes new owners of the same numbers, and the first ones lose
 * them. The manager means the process that it started: under `npm start` or a shell without `exec` that is another one,
 * and the result is empty.
 *
 * @returns In the order of the unit; each `fd` is to be closed, or released to a server. Empty when nothing was handed to
 *   this process.
 * @throws {SystemError} `ERR_OSX_INVALID_ENVIRONMENT` when the variables contradict themselves or name a descriptor that is not
 *   open. Nothing was changed then.
 * @example
 * ```ts
 * import { createServer } from 'node:http';
 * import { listenFds } from '@osx/systemd';
 *
 * const server = createServer((_request, response) => response.end('hello'));
 * const [activated] = listenFds({ unset: true });
 * server.listen(activated ? { fd: activated.fd.release() } : { port: 0 }, () => server.close());
 * ```
 * @see https://www.freedesktop.org/software/systemd/man/latest/sd_listen_fds.html
 */
export function listenFds(options: ListenFdsOptions = {}): ListenFd[] {
  const { unset = false } = checkOptions('options', options) as ListenFdsOptions;
  checkBoolean('options.unset', unset);
  try {
    return isForThisProcess() ? take() : [];
  } finally {
    if (unset) for (const name of VARIABLES) delete process.env[name];
  }
}

function isForThisProcess(): boolean {
  if (process.env['LISTEN_PID'] === undefined || !namesThisProcess('LISTEN_PID')) return false;
  const pidfdId = environmentInteger('LISTEN_PIDFDID', { min: 1n, max: 2n ** 64n - 1n });
  if (pidfdId === undefined) return true;
  const own = ownPidfdId();
  return own === undefined || own === pidfdId;
}

function take(): ListenFd[] {
  const count = environmentInteger('LISTEN_FDS', { min: 1n, max: 2n ** 31n - 1n - BigInt(FIRST) });
  if (count === undefined) return [];
  if (process.platform !== 'linux') throw new UnsupportedError({ feature: 'socket activation', requires: 'Linux' });
  const names = process.env['LISTEN_FDNAMES']?.split(':');
  if (names !== undefined && BigInt(names.length) !== count) {
    throw invalidEnvironment('LISTEN_FDNAMES', `${count} names, as many as LISTEN_FDS says`);
  }
  const found: Omit<ListenFd, 'fd'>[] = [];
  for (let index = 0; index < Number(count); index += 1) {
    found.push({ name: names?.[index] ?? 'unknown', ...describeOpen(FIRST + index) });
  }
  return found.map((what, index) => {
    setCloseOnExec(FIRST + index, true);
    return { fd: Fd.adopt(FIRST + index), ...what };
  });
}

function describeOpen(number: number): Omit<ListenFd, 'fd' | 'name'> {
  try {
    return describeFd(number);
  } catch (error) {
    if (!hasCode(error, 'EBADF')) throw error;
    throw invalidEnvironment(
      'LISTEN_FDS',
      `how many descriptors are open from ${FIRST} on, and ${number} is not`,
      error,
    );
  }
}
