import { closeSync, fstatSync, openSync } from 'node:fs';
import { expect, test } from 'vitest';
import { isJournalStream } from '@osx/journald';

test('the variable must name the device and inode of the descriptor', () => {
  const fd = openSync(import.meta.filename, 'r');
  const { dev, ino } = fstatSync(fd, { bigint: true });
  const is = (value: string | undefined): boolean => isJournalStream(fd, { env: { JOURNAL_STREAM: value } });
  try {
    expect(is(`${dev}:${ino}`)).toBe(true);
    for (const other of [
      `${dev}:${ino + 1n}`,
      `${dev + 1n}:${ino}`,
      `${ino}:${dev}`,
      '',
      ':',
      'x',
      `${dev}:${ino}x`,
      undefined,
    ]) {
      expect([other, is(other)]).toEqual([other, false]);
    }
  } finally {
    closeSync(fd);
  }
  expect(is(`${dev}:${ino}`)).toBe(false);
});

test('by default standard error and the environment', () => {
  const before = process.env['JOURNAL_STREAM'];
  const { dev, ino } = fstatSync(2, { bigint: true });
  try {
    process.env['JOURNAL_STREAM'] = `${dev}:${ino}`;
    expect(isJournalStream()).toBe(true);
    delete process.env['JOURNAL_STREAM'];
    expect(isJournalStream()).toBe(false);
  } finally {
    if (before !== undefined) process.env['JOURNAL_STREAM'] = before;
  }
});

test.each([-1, 1.5, '2', null])('%o is refused', (fd) => {
  expect(() => isJournalStream(fd as never)).toThrow(/"fd"/);
});
