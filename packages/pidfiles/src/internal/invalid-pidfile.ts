import { SystemError } from '@osx/errors';

/** What is there, but is no pidfile. @param what Continues "the pidfile ...". */
export function invalidPidfile(path: string | Buffer, what: string): SystemError {
  return new SystemError({ code: 'ERR_OSX_INVALID_PIDFILE', syscall: 'read', path, message: `the pidfile ${what}` });
}
