import { SystemError } from '@osx/errors';

import { EINVAL, ELOOP, ENOSPC, EPERM } from './errno-numbers.ts';
import { readSysctl } from './read-sysctl.ts';

/** The error of a failed epoll_ctl, in words where the errno's own would mislead. */
export function epollCtlError(errno: number, fd: number): SystemError {
  const message = explanation(-errno, fd);
  return new SystemError({ errno, syscall: 'epoll_ctl', ...(message !== undefined && { message }) });
}

function explanation(errno: number, fd: number): string | undefined {
  if (errno === EPERM) return `descriptor ${fd} has no readiness: a regular file or a directory is always ready`;
  if (errno === ELOOP)
    return `epoll descriptor ${fd} would be part of a loop, or nested more deeply than the kernel allows`;
  if (errno === EINVAL)
    return `descriptor ${fd} is this epoll itself, or its flags do not go together (EPOLLEXCLUSIVE cannot be modified)`;
  if (errno !== ENOSPC) return undefined;
  const limit = readSysctl('fs.epoll.max_user_watches');
  return `this user has all the epoll registrations it may have (sysctl fs.epoll.max_user_watches${limit}); raise it`;
}

export function epollClosedError(syscall: string): SystemError {
  return new SystemError({ code: 'EBADF', syscall, message: 'the epoll is closed' });
}

export function epollOrphanError(): SystemError {
  return new SystemError({
    code: 'ERR_OSX_ORPHANED_REGISTRATION',
    syscall: 'epoll_wait',
    message: 'a descriptor was closed before it was removed, and a duplicate of it keeps it ready: call rebuild()',
  });
}
