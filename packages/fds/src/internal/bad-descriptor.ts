import { SystemError } from '@osx/errors';

/** The error of an `Fd` that has no number any more. @param end Why: "it was closed". */
export function badDescriptor(end: string, syscall: string): SystemError {
  return new SystemError({ code: 'EBADF', message: `this Fd has no descriptor, ${end}`, syscall });
}
