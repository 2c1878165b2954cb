import { constants } from 'node:fs';

import { checkInteger, invalidArgType, invalidArgValue } from '@osx/errors';

const { O_APPEND, O_CREAT, O_EXCL, O_RDONLY, O_RDWR, O_SYNC, O_TRUNC, O_WRONLY } = constants;

const WRITE = O_WRONLY | O_CREAT | O_TRUNC;
const REWRITE = O_RDWR | O_CREAT | O_TRUNC;
const APPEND = O_WRONLY | O_CREAT | O_APPEND;
const READ_APPEND = O_RDWR | O_CREAT | O_APPEND;

/** The words of `fs.open`. */
const WORDS = new Map([
  ['r', O_RDONLY],
  ['rs', O_RDONLY | O_SYNC],
  ['sr', O_RDONLY | O_SYNC],
  ['r+', O_RDWR],
  ['rs+', O_RDWR | O_SYNC],
  ['sr+', O_RDWR | O_SYNC],
  ['w', WRITE],
  ['wx', WRITE | O_EXCL],
  ['xw', WRITE | O_EXCL],
  ['w+', REWRITE],
  ['wx+', REWRITE | O_EXCL],
  ['xw+', REWRITE | O_EXCL],
  ['a', APPEND],
  ['ax', APPEND | O_EXCL],
  ['xa', APPEND | O_EXCL],
  ['as', APPEND | O_SYNC],
  ['sa', APPEND | O_SYNC],
  ['a+', READ_APPEND],
  ['ax+', READ_APPEND | O_EXCL],
  ['xa+', READ_APPEND | O_EXCL],
  ['as+', READ_APPEND | O_SYNC],
  ['sa+', READ_APPEND | O_SYNC],
]);

export function flagBits(flags: string | number): number {
  if (typeof flags === 'number') return checkInteger('flags', flags, { min: 0, max: 2 ** 31 - 1 });
  if (typeof flags !== 'string') throw invalidArgType('flags', 'of type string or number', flags);
  const bits = WORDS.get(flags);
  if (bits === undefined) throw invalidArgValue('flags', `one of ${[...WORDS.keys()].join(', ')}`, flags);
  return bits;
}
