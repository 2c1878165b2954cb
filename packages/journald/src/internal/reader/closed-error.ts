import { SystemError } from '@osx/errors';

export function closedError(syscall: string): SystemError {
  return new SystemError({ code: 'EBADF', syscall, message: 'the journal reader is closed' });
}
