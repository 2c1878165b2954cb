import { SystemError } from '@osx/errors';

/** The error for a variable that whoever started this process got wrong: not the caller's fault, nor any call's. */
export function invalidEnvironment(name: string, expected: string, cause?: unknown): SystemError {
  const received = JSON.stringify(process.env[name] ?? null);
  return new SystemError({
    code: 'ERR_OSX_INVALID_ENVIRONMENT',
    syscall: 'getenv',
    message: `the environment variable ${name} must be ${expected}, and is ${received}`,
    cause,
  });
}
