import { checkBoolean, checkInteger, checkOptions } from '@osx/errors';
import { ownByNode, platformConstants } from '@osx/native-ffi';

import type { FdOrigin } from './close-number.ts';
import { fcntl } from './fcntl.ts';

export interface DuplicateOptions {
  /** The lowest number that the duplicate may get; 0 by default. */
  atLeast?: number | undefined;
  /** Whether the duplicate is closed in programs that are executed; true by default. */
  closeOnExec?: boolean | undefined;
}

export interface Duplicate {
  readonly number: number;
  readonly origin: FdOrigin;
}

/** Node owns the duplicate unless its number or its inheritance was asked for, which the change of owner would undo. */
export function duplicateNumber(number: number, options: DuplicateOptions): Duplicate {
  const { atLeast = 0, closeOnExec = true } = checkOptions('options', options) as DuplicateOptions;
  checkInteger('options.atLeast', atLeast, { min: 0, max: 2 ** 31 - 1 });
  checkBoolean('options.closeOnExec', closeOnExec);
  const { F_DUPFD, F_DUPFD_CLOEXEC } = platformConstants();
  const duplicate = fcntl(number, closeOnExec ? F_DUPFD_CLOEXEC : F_DUPFD, atLeast);
  if (atLeast > 0 || !closeOnExec) return { number: duplicate, origin: 'native' };
  return { number: ownByNode(duplicate), origin: 'node' };
}
