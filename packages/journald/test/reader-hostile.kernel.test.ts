import { readdirSync, readFileSync } from 'node:fs';

import { JournalReader, JournalWriter, sendJournal, type JournalEntry } from '@osx/journald';
import { eventually, expectNoNewFds, needs, openFds, runFixture, runTool, startJournald } from '@osx/test-support';
import { expect, test } from 'vitest';

const BACKENDS = ['libsystemd', 'journalctl'] as const;

/** Sends entries as the protocol has them, framed by hand: nothing of ours is between them and the journal. */
const PYTHON = `
import socket, struct, sys, os
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
def framed(name, value): return name + b'\\n' + struct.pack('<Q', len(value)) + value + b'\\n'
values = [b'', b'=', b'\\n', b'\\n\\n', b'\\0', b'a=b\\nMESSAGE=injected\\n', bytes(range(256)), b'\\xff\\xfe\\x80', b'\\x1b[31m',
  b' lead and trail ', b'x' * 4095, b'x' * 4096, b'x' * 4097, os.urandom(40000), 'h\\u00e4\\U0001f600'.encode(), b'\\r\\n', b'__CURSOR=no']
for number, value in enumerate(values):
  data = b'TEST=hostile\\nN=%d\\n' % number + framed(b'VALUE', value) + framed(b'VALUE', b'second' + value)
  data += framed(b'A' * 64, value) + framed(b'MESSAGE', value)
  s.sendto(data, sys.argv[1])
`;

needs('journald').describe.each(BACKENDS)('hostile entries through %s', (backend) => {
  needs('python3').test('read back byte for byte, equal to the export', async () => {
    await using journald = await startJournald();
    runTool('python3', ['-c', PYTHON, journald.socketPath]);
    const exported = await journald.export(['TEST=hostile']);
    using reader = JournalReader.open({ namespace: journald.namespace, backend }).addMatch('TEST', 'hostile');
    const entries: JournalEntry[] = [];
    for await (const entry of reader) entries.push(entry);
    expect(entries.length).toBe(17);
    expect(exported.length).toBe(17);
    for (const [index, entry] of entries.entries()) {
      const expected = new Map([...(exported[index]?.fields ?? [])].filter(([name]) => !name.startsWith('__')));
      expect(comparable(entry.fields)).toEqual(comparable(expected));
      expect(entry.cursor).toBe(exported[index]?.text('__CURSOR'));
      expect(`${entry.realtimeUsec}`).toBe(exported[index]?.text('__REALTIME_TIMESTAMP'));
      expect(`${entry.monotonicUsec}`).toBe(exported[index]?.text('__MONOTONIC_TIMESTAMP'));
      expect(entry.bootId).toBe(exported[index]?.text('_BOOT_ID'));
      expect(entry.get('N')).toBe(`${index}`);
      expect(entry.getAll('VALUE').length).toBe(2);
    }
    const all = entries[6]?.getAll('VALUE').map((value) => value.toString('latin1'));
    const every = String.fromCharCode(...Array(256).keys());
    expect(all?.toSorted()).toEqual([every, `second${every}`].toSorted());
  });

  test('4 MB, fields twice, matches on bytes', async () => {
    await using journald = await startJournald();
    const { namespace } = journald;
    const value = Buffer.alloc(4_000_000, 'x\0\n\xffabc');
    await sendJournal({ MESSAGE: 'large', VALUE: value, TWICE: ['1', '2'], PRIORITY: 'notice' }, { namespace });
    await sendJournal({ MESSAGE: 'text', VALUE: 'y'.repeat(4_000_000), KEY: 'a b=c\tä' }, { namespace });
    await journald.sync();
    using reader = JournalReader.open({ namespace, backend }).addMatch('TWICE', '2').addMatch('MESSAGE', 'large');
    const entry = await reader.next();
    expect(entry?.getBytes('VALUE')?.equals(value)).toBe(true);
    expect(entry?.getAll('TWICE').map(String).toSorted()).toEqual(['1', '2']);
    expect(entry?.priority).toBe(5);
    expect(Math.abs(Date.now() - (entry?.timestamp.getTime() ?? 0))).toBeLessThan(60_000);
    expect(await reader.next()).toBeNull();
    reader.clearMatches().addMatch('KEY', 'a b=c\tä');
    expect((await reader.next())?.getBytes('VALUE')?.length).toBe(4_000_000);
  });

  test('arguments that cannot be meant are refused before anything is done', async () => {
    using reader = JournalReader.open({ namespace: 'osx-surely-not', backend });
    const TYPE = expect.objectContaining({ code: 'ERR_INVALID_ARG_TYPE' });
    const VALUE = expect.objectContaining({ code: 'ERR_INVALID_ARG_VALUE' });
    const RANGE = expect.objectContaining({ code: 'ERR_OUT_OF_RANGE' });
    for (const name of ['', 'lower', 'A=B', '__CURSOR', 'Ä', 'A'.repeat(65)]) {
      expect(() => reader.addMatch(name, 'x')).toThrow(VALUE);
      expect(() => reader.uniqueValues(name)).toThrow(VALUE);
    }
    expect(() => reader.addMatch('A', {} as string)).toThrow(TYPE);
    for (const cursor of ['', 'nonsense', '-n 5', 's=x', 's=1\0', ';', 'i=1']) {
      await expect(reader.seekCursor(cursor)).rejects.toThrow(VALUE);
    }
    await expect(reader.seekTime(5 as never)).rejects.toThrow(TYPE);
    await expect(reader.seekTime(new Date(NaN))).rejects.toThrow(VALUE);
    await expect(reader.seekTime(-1n)).rejects.toThrow(RANGE);
    await expect(reader.seekBoot('xyz')).rejects.toThrow(VALUE);
    await expect(reader.skip(1.5)).rejects.toThrow(RANGE);
    await expect(reader.catalog('xyz')).rejects.toThrow(VALUE);
    expect(() => reader.follow({ signal: {} as AbortSignal })).toThrow(TYPE);
    expect(() => JournalReader.open({ namespace: 'a/b', backend })).toThrow(VALUE);
    expect(() => JournalReader.open({ namespace: '*', backend })).toThrow(VALUE);
    expect(() => JournalReader.open({ namespace: 'a', directory: '/', backend })).toThrow(VALUE);
    expect(() => JournalReader.open({ files: [], backend })).toThrow(VALUE);
    expect(() => JournalReader.open({ files: ['/x'], scope: 'user', backend })).toThrow(VALUE);
    expect(() => JournalReader.open({ backend: 'file' as never })).toThrow(VALUE);
    expect(() => JournalReader.open({ dataThreshold: -1, backend })).toThrow(RANGE);
  });

  test('a closed reader leaves no descriptor, no mapping and no child, and answers EBADF', async () => {
    await using journald = await startJournald();
    const { namespace } = journald;
    for (let n = 0; n < 20; n++) await sendJournal({ N: n, VALUE: 'v'.repeat(100_000) }, { namespace });
    await journald.sync();
    const use = async (): Promise<void> => {
      using reader = JournalReader.open({ namespace, backend });
      await reader.next();
      await reader.seekTail();
      await reader.previous();
      const controller = new AbortController();
      const entries = reader.follow({ signal: controller.signal });
      const end = async (): Promise<void> => {
        for await (const entry of entries) if (entry.get('N') === '-1') break;
      };
      const ended = end().catch(() => {});
      setTimeout(() => controller.abort(), 20);
      await ended;
      for await (const _ of reader.uniqueValues('N')) break;
      await reader.boots();
      await reader.fieldNames();
    };
    await use();
    await eventually(() => journalctls().length === 0);
    const before = { fds: openFds(), maps: journalMappings() };
    for (let round = 0; round < 20; round++) await use();
    await eventually(() => journalctls().length === 0);
    await eventually(() => {
      expectNoNewFds(before.fds);
      return true;
    });
    expect(journalMappings()).toBe(before.maps);
    const reader = JournalReader.open({ namespace, backend });
    reader.close();
    await expect(reader.next()).rejects.toMatchObject({ code: 'EBADF' });
    expect(() => reader.uniqueValues('N')).toThrow(expect.objectContaining({ code: 'EBADF' }));
    await expect(reader.seekHead()).rejects.toMatchObject({ code: 'EBADF' });
  });

  test('a long scan lets timers run, and keeps memory flat', async () => {
    await using journald = await startJournald();
    const { namespace } = journald;
    const writer = new JournalWriter({ namespace });
    for (let n = 0; n < 5000; n++) await writer.send({ N: n, VALUE: `${n}`.padEnd(2000, '.') });
    await writer.close();
    await journald.sync();
    const { code, stdout, stderr } = await runFixture(`${import.meta.dirname}/fixtures/reader-scan.ts`, [
      namespace,
      backend,
    ]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const { entries, turns, grownMiB } = JSON.parse(stdout) as { entries: number; turns: number; grownMiB: number };
    expect(entries).toBeGreaterThanOrEqual(3 * 5000);
    expect(turns).toBeGreaterThan(5);
    expect(grownMiB).toBeLessThan(30);
  });
});

needs('journald').test('a reader that nobody closes does not keep the process', async () => {
  await using journald = await startJournald();
  for (let n = 0; n < 2000; n++)
    await sendJournal({ N: n, VALUE: 'v'.repeat(1000) }, { namespace: journald.namespace });
  await journald.sync();
  for (const backend of BACKENDS) {
    const fixture = `${import.meta.dirname}/fixtures/reader-left-open.ts`;
    const { code, stdout, stderr } = await runFixture(fixture, [journald.namespace, backend]);
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: 'read\n', stderr: '' });
  }
});

function comparable(fields: ReadonlyMap<string, readonly Buffer[]>): [string, string[]][] {
  const all = [...fields].map(([name, values]): [string, string[]] => [
    name,
    values.map((value) => value.toString('latin1')).toSorted(),
  ]);
  return all.toSorted(([a], [b]) => (a < b ? -1 : 1));
}

function journalMappings(): number {
  return readFileSync('/proc/self/maps', 'utf8')
    .split('\n')
    .filter((line) => line.includes('/log/journal/')).length;
}

/** Children of this process that are a journalctl. */
function journalctls(): string[] {
  return readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid)) return false;
    try {
      const [, name, parent] = /^\d+ \((.*)\) \S (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, 'latin1')) ?? [];
      return name === 'journalctl' && Number(parent) === process.pid;
    } catch {
      return false;
    }
  });
}
