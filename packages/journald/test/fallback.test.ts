import { expect, test } from 'vitest';
import { encodeJournalEntry } from '@osx/journald';
import { stderrLines } from '../src/internal/stderr-target.ts';
import { syslogLine } from '../src/internal/syslog-target.ts';
import { plainEntry, readEntry } from '../src/internal/read-entry.ts';
import { HostileFields, hex } from './fixtures/hostile-fields.ts';

const at = new Date(2026, 10, 2, 3, 4, 5);

test('a syslog line is as syslog(3) has it', () => {
  const entry = encodeJournalEntry({
    MESSAGE: 'text',
    PRIORITY: 'err',
    SYSLOG_FACILITY: 'daemon',
    SYSLOG_IDENTIFIER: 'x',
  });
  expect(syslogLine(entry, at).toString()).toBe(`<27>Nov  2 03:04:05 x[${process.pid}]: text`);
});

test('nothing in it ends the line, the tag or the message', () => {
  const entry = encodeJournalEntry({ MESSAGE: 'a\n<0>b\0\x1b[m\u0085\té', SYSLOG_IDENTIFIER: 'x y]: z\n' });
  expect(syslogLine(entry, at).toString()).toBe(
    `<14>Nov  2 03:04:05 x_y___z_[${process.pid}]: a#012<0>b#000#033[m#205\té`,
  );
});

test('a long one is cut between two characters', () => {
  const line = syslogLine(encodeJournalEntry({ MESSAGE: 'é'.repeat(10_000) }), at);
  expect(line.length).toBeLessThanOrEqual(8_192);
  expect(line.length).toBeGreaterThan(8_180);
  expect(line.toString()).not.toContain('\ufffd');
});

test('every line on standard error has the priority', () => {
  const entry = encodeJournalEntry({ MESSAGE: 'one\n<0>two\n\nfour\x1b\n', PRIORITY: 3 });
  expect(stderrLines(entry).toString()).toBe('<3>one\n<3><0>two\n<3>\n<3>four#033\n');
});

test('an entry without a message shows its fields', () => {
  expect(plainEntry(encodeJournalEntry({ A: 1, B: 'x\ny', PRIORITY: 2 }))).toEqual({
    text: 'A=1 B=x\ny',
    priority: 2,
    facility: 1,
    identifier: undefined,
  });
});

test('an entry is read as it was made', () => {
  const generator = new HostileFields(3);
  for (let id = 0; id < 300; id += 1) {
    const { fields, expected } = generator.next(id);
    const read = new Map<string, Set<string>>();
    for (const [name, value] of readEntry(encodeJournalEntry(fields))) {
      read.set(name, (read.get(name) ?? new Set()).add(hex(value)));
    }
    expect(read).toEqual(expected);
  }
});
