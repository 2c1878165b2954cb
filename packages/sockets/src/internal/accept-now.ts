import { linuxConstants, ownByNode } from '@osx/native-ffi';
import { SystemError } from '@osx/errors';

import { EAGAIN } from './errno-numbers.ts';
import { accept4Call } from './socket-calls.ts';

/** A connection's descriptor, closed by `fs.closeSync`, or undefined when there is none now. The listener does not block. */
export function acceptNow(fd: number): number | undefined {
  const result = accept4Call(fd, null, null, linuxConstants().SOCK_CLOEXEC);
  if (result >= 0) return ownByNode(result);
  if (result === -EAGAIN) return undefined;
  throw new SystemError({ errno: result, syscall: 'accept4' });
}
