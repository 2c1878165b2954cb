import { checkBoolean, checkInteger, checkOptions } from '@osx/errors';
import { platformConstants } from '@osx/native-ffi';

import { fcntl } from './fcntl.ts';

export interface DuplicateOptions {
  /** The lowest number that the duplicate may get; 0 by default. */
  atLeast?: number | undefined;
  /** Whether the duplicate is closed in programs that are executed; true by default. */
  closeOnExec?: boolean | undefined;
}

export function duplicateNumber(number: number, options: DuplicateOptions): number {
  const { atLeast = 0, closeOnExec = true } = checkOptions('options', options) as DuplicateOptions;
  checkInteger('options.atLeast', atLeast, { min: 0, max: 2 ** 31 - 1 });
  checkBoolean('options.closeOnExec', closeOnExec);
  const { F_DUPFD, F_DUPFD_CLOEXEC } = platformConstants();
  return fcntl(number, closeOnExec ? F_DUPFD_CLOEXEC : F_DUPFD, atLeast);
}
