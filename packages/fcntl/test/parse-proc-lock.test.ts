import { expect, test } from 'vitest';

import { parseProcLock } from '../src/internal/parse-proc-lock.ts';

test.each([
  [
    '1: OFDLCK ADVISORY  READ -1 fe:00:2212981 100 EOF',
    { kind: 'ofd', shared: true, pid: -1, inode: 'fe:00:2212981', start: 100, length: 0 },
  ],
  [
    '2: POSIX  ADVISORY  WRITE 30047 fe:00:2212981 5 14',
    { kind: 'posix', shared: false, pid: 30047, inode: 'fe:00:2212981', start: 5, length: 10 },
  ],
  [
    '\t1: FLOCK  ADVISORY  WRITE 1 00:2f:18446744073709551615 0 EOF',
    { kind: 'flock', shared: false, pid: 1, inode: '00:2f:18446744073709551615', start: 0, length: 0 },
  ],
  [
    '3: POSIX  ADVISORY  READ 7 08:01:1 9223372036854775806 9223372036854775806',
    { kind: 'posix', shared: true, pid: 7, inode: '08:01:1', start: 9223372036854775806n, length: 1 },
  ],
  ['2: -> FLOCK  ADVISORY  WRITE 30050 fe:00:2212981 0 EOF', undefined],
  ['1: LEASE  ACTIVE    READ 30050 fe:00:2212981 0 EOF', undefined],
  ['', undefined],
  ['lock table', undefined],
])('%s', (line, expected) => {
  expect(parseProcLock(line)).toEqual(expected);
});
