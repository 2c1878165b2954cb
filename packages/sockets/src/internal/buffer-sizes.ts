import { checked, linuxConstants } from '@osx/native-ffi';

import { EPERM } from './errno-numbers.ts';
import { trySetIntOption } from './socket-options.ts';

/** Past the system's limit where the capability for it is there, up to it otherwise. */
export function setBufferBytes(fd: number, direction: 'send' | 'receive', bytes: number): void {
  const { SO_SNDBUF, SO_RCVBUF, SO_SNDBUFFORCE, SO_RCVBUFFORCE } = linuxConstants();
  const [force, plain] = direction === 'send' ? [SO_SNDBUFFORCE, SO_SNDBUF] : [SO_RCVBUFFORCE, SO_RCVBUF];
  const result = trySetIntOption(fd, force, bytes);
  checked(result === -EPERM ? trySetIntOption(fd, plain, bytes) : result, 'setsockopt');
}
