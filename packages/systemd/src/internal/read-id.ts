import { readFileSync } from 'node:fs';

import { SystemError, withSystemErrors } from '@osx/errors';
import type { PathLike } from '@osx/errors';

const UNSET = '0'.repeat(32);

/** The content of a file that holds an id: text without the line's end. */
export function readIdFile(path: string | Buffer): string {
  return withSystemErrors(() => readFileSync(path, 'latin1'), path).replace(/\n$/, '');
}

/** 32 hexadecimal digits in lower case, as sd-id128(3) prints ids; not all of them 0. */
export function checkId(text: string, path: PathLike, syscall = 'read'): string {
  if (text === '' || text === UNSET) {
    throw new SystemError({ code: 'ENOMEDIUM', syscall, path, message: 'it holds no id' });
  }
  if (!/^[0-9a-f]{32}$/i.test(text)) {
    throw new SystemError({ code: 'EUCLEAN', syscall, path, message: 'it does not hold 32 hexadecimal digits' });
  }
  return text.toLowerCase();
}
