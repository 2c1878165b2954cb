import { UnsupportedError } from '@osx/errors';

/** The error for what lies outside the bounds in which a fork is sound. */
export function refuse(requires: string, platform?: string, cause?: unknown): UnsupportedError {
  return new UnsupportedError({ feature: 'fork(2) of a Node process', syscall: 'fork', requires, platform, cause });
}
