import { readdirSync } from 'node:fs';

import { JournalReader, JournalWriter, type JournalEntry, type JournalReaderOptions } from '@osx/journald';
import { needs, startJournald, type TestJournald } from '@osx/test-support';
import { afterAll, beforeAll, expect, test } from 'vitest';

const BACKENDS = ['libsystemd', 'journalctl'] as const;

/** Entries N=0 to N=9; FRUIT, COLOUR and EVEN of three kinds. Two files. */
const COUNT = 10;

needs('journald').describe.each(BACKENDS)('a reader through %s', (backend) => {
  let journald: TestJournald;
  let all: JournalEntry[];

  beforeAll(async () => {
    journald = await startJournald();
    const writer = new JournalWriter({ namespace: journald.namespace });
    for (let n = 0; n < COUNT; n++) {
      if (n === COUNT / 2) {
        await writer.flush();
        await journald.rotate();
      }
      await writer.send({
        MESSAGE: `entry ${n}`,
        N: n,
        TEST: 'yes',
        FRUIT: ['apple', 'pear', 'plum'][n % 3],
        COLOUR: n < 4 ? ['red', 'round'] : ['green'],
        EVEN: String(n % 2 === 0),
      });
    }
    await writer.close();
    await journald.sync();
    using reader = open();
    all = await toArray(reader);
  });

  afterAll(async () => {
    await journald?.[Symbol.asyncDispose]();
  });

  function open(options: JournalReaderOptions = {}): JournalReader {
    const reader = JournalReader.open({ namespace: journald.namespace, backend, ...options });
    return reader.addMatch('TEST', 'yes');
  }

  const cursorOf = (n: number): string => all[n]?.cursor as string;

  test('starts before the oldest, goes to the end and back', async () => {
    using reader = open();
    expect(reader.backend).toBe(backend);
    expect(await numbers(reader)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(await reader.next()).toBeNull();
    expect(numberOf(await reader.previous())).toBe(8);
    expect(numberOf(await reader.previous())).toBe(7);
    expect(numberOf(await reader.next())).toBe(8);
    expect(numberOf(await reader.next())).toBe(9);
    expect(await reader.next()).toBeNull();
  });

  test('head: nothing before it, and the first after a look back', async () => {
    using reader = open();
    expect(await reader.previous()).toBeNull();
    expect(numberOf(await reader.next())).toBe(0);
    expect(await reader.previous()).toBeNull();
    expect(numberOf(await reader.next())).toBe(1);
    await reader.seekHead();
    expect(numberOf(await reader.next())).toBe(0);
  });

  test('tail: the last by previous, nothing by next', async () => {
    using reader = open();
    await reader.seekTail();
    expect(await reader.next()).toBeNull();
    expect(await reader.next()).toBeNull();
    expect(numberOf(await reader.previous())).toBe(9);
    expect(numberOf(await reader.previous())).toBe(8);
    expect(numberOf(await reader.next())).toBe(9);
    await reader.seekTail();
    const back = [];
    for (let entry = await reader.previous(); entry !== null; entry = await reader.previous())
      back.push(numberOf(entry));
    expect(back).toEqual([9, 8, 7, 6, 5, 4, 3, 2, 1, 0]);
    expect(numberOf(await reader.next())).toBe(1);
  });

  test('tail: of the journal, not of the matches of that moment', async () => {
    using reader = open();
    reader.addMatch('N', 3);
    expect(numberOf(await reader.next())).toBe(3);
    await reader.seekTail();
    reader.clearMatches().addMatch('TEST', 'yes');
    expect(await reader.next()).toBeNull();
    reader.addMatch('N', 2);
    expect(numberOf(await reader.previous())).toBe(2);
    expect(await reader.next()).toBeNull();
  });

  test('cursor: after it and before it, never itself, unless asked for', async () => {
    using reader = open();
    for (const at of [0, 4, 5, 9]) {
      await reader.seekCursor(cursorOf(at));
      expect(numberOf(await reader.next())).toBe(at === 9 ? undefined : at + 1);
      await reader.seekCursor(cursorOf(at));
      expect(numberOf(await reader.previous())).toBe(at === 0 ? undefined : at - 1);
      await reader.seekCursor(cursorOf(at), { inclusive: true });
      expect(numberOf(await reader.next())).toBe(at);
      await reader.seekCursor(cursorOf(at), { inclusive: true });
      expect(numberOf(await reader.previous())).toBe(at);
    }
  });

  test('cursor of an entry that the matches leave out', async () => {
    using reader = open();
    reader.addMatch('EVEN', 'true');
    await reader.seekCursor(cursorOf(3));
    expect(numberOf(await reader.next())).toBe(4);
    await reader.seekCursor(cursorOf(3));
    expect(numberOf(await reader.previous())).toBe(2);
  });

  test('cursor of an entry that was never there: the nearest', async () => {
    using reader = open();
    const between = cursorOf(3).replace(/;x=.*/, ';x=1234');
    await reader.seekCursor(between);
    expect(numberOf(await reader.next())).toBeLessThanOrEqual(4);
  });

  test('time: a Date or microseconds, both ends included', async () => {
    using reader = open();
    const usec = all[6]?.realtimeUsec as bigint;
    await reader.seekTime(usec);
    expect(numberOf(await reader.next())).toBe(6);
    await reader.seekTime(usec + 1n);
    expect(numberOf(await reader.next())).toBe(7);
    await reader.seekTime(usec);
    expect(numberOf(await reader.previous())).toBe(6);
    await reader.seekTime(usec - 1n);
    expect(numberOf(await reader.previous())).toBe(5);
    await reader.seekTime(new Date(0));
    expect(numberOf(await reader.next())).toBe(0);
    await reader.seekTime(new Date(0));
    expect(await reader.previous()).toBeNull();
    await reader.seekTime(new Date('9999-12-31'));
    expect(await reader.next()).toBeNull();
    expect(numberOf(await reader.previous())).toBe(9);
  });

  test('boot: before its first entry; of an unknown one it stays', async () => {
    using reader = open();
    await reader.next();
    expect(await reader.seekBoot('0'.repeat(31) + '1')).toBe(false);
    expect(numberOf(await reader.next())).toBe(1);
    expect(await reader.seekBoot(all[0]?.bootId as string)).toBe(true);
    expect(numberOf(await reader.next())).toBe(0);
  });

  test('skip: forward and backward, up to what there is', async () => {
    using reader = open();
    expect(await reader.skip(3)).toBe(3);
    expect(numberOf(await reader.next())).toBe(3);
    expect(await reader.skip(-2)).toBe(2);
    expect(numberOf(await reader.previous())).toBe(0);
    expect(await reader.skip(100)).toBe(9);
    expect(await reader.skip(0)).toBe(0);
    expect(numberOf(await reader.previous())).toBe(8);
  });

  test('matches: alternatives of one field, all fields, or, and, clear', async () => {
    using reader = open();
    const found = async (add: (reader: JournalReader) => unknown): Promise<(number | undefined)[]> => {
      add(reader.clearMatches());
      await reader.seekHead();
      return await numbers(reader);
    };
    expect(await found((r) => r.addMatch('N', 3).addMatch('N', 5n))).toEqual([3, 5]);
    expect(await found((r) => r.addMatch('FRUIT', 'plum').addMatch('EVEN', 'true'))).toEqual([2, 8]);
    expect(await found((r) => r.addMatch('FRUIT', 'plum').or().addMatch('N', Buffer.from('0')))).toEqual([0, 2, 5, 8]);
    expect(
      await found((r) =>
        r
          .addMatch('FRUIT', 'plum')
          .or()
          .addMatch('FRUIT', 'pear')
          .and()
          .addMatch('EVEN', 'true')
          .or()
          .addMatch('COLOUR', 'round'),
      ),
    ).toEqual([1, 2, 4, 8]);
    expect(await found((r) => r.or().and().or().addMatch('N', 7).and().or())).toEqual([7]);
    expect(await found((r) => r.addMatch('COLOUR', 'round').addMatch('N', 99))).toEqual([]);
    expect(await found((r) => r.addMatch('NOSUCHFIELD', 'x'))).toEqual([]);
    expect((await found((r) => r)).filter((number) => number !== undefined).length).toBe(COUNT);
  });

  test('matches changed on the way count from the next move on', async () => {
    using reader = open();
    await reader.skip(4);
    reader.addMatch('EVEN', 'true');
    expect(numberOf(await reader.next())).toBe(4);
    expect(numberOf(await reader.next())).toBe(6);
    reader.clearMatches().addMatch('TEST', 'yes');
    expect(numberOf(await reader.next())).toBe(7);
    reader.addMatch('FRUIT', 'apple');
    expect(numberOf(await reader.previous())).toBe(6);
    expect(numberOf(await reader.previous())).toBe(3);
  });

  test('calls that are not awaited are done in their order', async () => {
    using reader = open();
    const first = reader.next();
    void reader.skip(2);
    const second = reader.next();
    void reader.seekTail();
    const last = reader.previous();
    expect([numberOf(await first), numberOf(await second), numberOf(await last)]).toEqual([0, 3, 9]);
  });

  test('of a directory, of files, of a scope', async () => {
    using directory = open({ namespace: undefined, directory: journald.directory });
    expect(await numbers(directory)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    const files = readdirSync(journald.directory).map((name) => `${journald.directory}/${name}`);
    expect(files.length).toBe(2);
    using both = open({ namespace: undefined, files });
    expect((await numbers(both)).length).toBe(COUNT);
    using archived = open({ namespace: undefined, files: files.filter((file) => file.includes('system@')) });
    expect(await numbers(archived)).toEqual([0, 1, 2, 3, 4]);
    using system = open({ scope: 'system' });
    expect((await numbers(system)).length).toBe(COUNT);
    using user = open({ scope: 'user' });
    expect(await numbers(user)).toEqual([]);
  });

  test('a namespace without a journal is empty', async () => {
    using reader = JournalReader.open({ namespace: 'osx-surely-not', backend });
    expect(await reader.next()).toBeNull();
    expect(await reader.previous()).toBeNull();
    await reader.seekTail();
    expect(await reader.next()).toBeNull();
    expect(await reader.boots()).toEqual([]);
    expect(await reader.fieldNames()).toEqual([]);
    expect(reader.usage()).toBe(0);
  });
});

function numberOf(entry: JournalEntry | null): number | undefined {
  const text = entry?.get('N');
  return text === undefined ? undefined : Number(text);
}

async function toArray(reader: JournalReader): Promise<JournalEntry[]> {
  const entries: JournalEntry[] = [];
  for await (const entry of reader) entries.push(entry);
  return entries;
}

async function numbers(reader: JournalReader): Promise<(number | undefined)[]> {
  return (await toArray(reader)).map(numberOf);
}
