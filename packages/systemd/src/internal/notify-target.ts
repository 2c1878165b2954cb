import { checkBoolean, checkInteger, checkOptions, UnsupportedError } from '@osx/errors';
import type { UnixAddress } from '@osx/sockets';

import type { NotifySyncOptions } from '../notify-options.ts';
import { invalidEnvironment } from './invalid-environment.ts';

const VARIABLE = 'NOTIFY_SOCKET';
/** sun_path, less the NUL. */
const MOST_BYTES = 107;

/** Where messages go, or null when nobody asked for them. */
export interface NotifyTarget {
  readonly address: UnixAddress | null;
}

/** Checks the options, and takes the variable away where that was asked for, whatever the outcome. */
export function notifyTarget(options: NotifySyncOptions): NotifyTarget {
  const { socketPath, pid, unsetEnvironment = false } = checkOptions('options', options) as NotifySyncOptions;
  checkBoolean('options.unsetEnvironment', unsetEnvironment);
  try {
    if (pid !== undefined) checkInteger('options.pid', pid, { min: 1, max: 2 ** 31 - 1 });
    return { address: socketPath === undefined ? addressInEnvironment() : addressOf(socketPath) };
  } finally {
    if (unsetEnvironment) delete process.env[VARIABLE];
  }
}

function addressOf(socketPath: UnixAddress): UnixAddress {
  const isAbstract = typeof socketPath === 'string' && socketPath.startsWith('@');
  return isAbstract ? { abstract: socketPath.slice(1) } : socketPath;
}

function addressInEnvironment(): UnixAddress | null {
  const text = process.env[VARIABLE];
  if (text === undefined) return null;
  if (/^vsock(-stream|-dgram|-seqpacket)?:/.test(text)) {
    throw new UnsupportedError({ feature: `NOTIFY_SOCKET=${text} (AF_VSOCK)`, requires: 'a path or an abstract name' });
  }
  const isAddress = /^(\/|@[^])/.test(text) && Buffer.byteLength(text) - (text.startsWith('@') ? 1 : 0) <= MOST_BYTES;
  if (isAddress) return addressOf(text);
  throw invalidEnvironment(VARIABLE, `an absolute path, or @ and an abstract name, of at most ${MOST_BYTES} bytes`);
}
