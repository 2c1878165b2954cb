import { checkOneOf, checkOptions } from '@osx/errors';

import type { RecordLockOptions } from '../set-record-lock.ts';

export function recordLockKind(options: RecordLockOptions): 'ofd' | 'posix' {
  const { kind = 'ofd' } = checkOptions('options', options);
  return checkOneOf('options.kind', kind, ['ofd', 'posix']);
}
