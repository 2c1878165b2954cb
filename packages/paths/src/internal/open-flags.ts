import { constants } from 'node:fs';

import { checkInteger, invalidArgType, invalidArgValue } from '@osx/errors';

const { O_APPEND, O_CREAT, O_EXCL, O_RDONLY, O_RDWR, O_SYNC, O_TRUNC, O_WRONLY } = constants;

const LETTERS: Readonly<Record<string, number>> = { x: O_EXCL, s: O_SYNC };

/** The words of `fs.open` as O_* bits. */
export function openFlags(flags: string | number): number {
  if (typeof flags === 'number') return checkInteger('flags', flags, { min: 0, max: 2 ** 31 - 1 });
  if (typeof flags !== 'string') throw invalidArgType('flags', 'of type string or number', flags);
  const [, before = '', base, after = '', plus] = /^([xs]?)([rwa])([xs]?)(\+?)$/.exec(flags) ?? [];
  const modifier = before + after;
  const isWord =
    base !== undefined &&
    modifier.length <= 1 &&
    !(base === 'r' && modifier === 'x') &&
    !(base === 'w' && modifier === 's');
  if (!isWord) throw invalidArgValue('flags', "a word of fs.open, such as 'r', 'w+' or 'ax'", flags);
  const access = plus === '+' ? O_RDWR : base === 'r' ? O_RDONLY : O_WRONLY;
  const making = base === 'r' ? 0 : O_CREAT | (base === 'w' ? O_TRUNC : O_APPEND);
  return access | making | (LETTERS[modifier] ?? 0);
}
