import { SystemError } from '@osx/errors';

/** The error of a `UnixSocket` without a descriptor, and of what waited on it. */
export function closedSocket(syscall: string): SystemError {
  return new SystemError({ code: 'EBADF', message: 'this UnixSocket is closed', syscall });
}
