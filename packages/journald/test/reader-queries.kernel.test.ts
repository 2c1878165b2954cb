import { chmodSync, closeSync, openSync, readdirSync, readFileSync, statSync, truncateSync, writeSync } from 'node:fs';

import { JournalReader, JournalWriter, sendJournal } from '@osx/journald';
import { asUnprivilegedUser, needs, runFixture, runTool, startJournald, temporaryDirectory } from '@osx/test-support';
import { expect, test } from 'vitest';

const BACKENDS = ['libsystemd', 'journalctl'] as const;
const STARTED = 'f77379a8490b408bbe5f6940505a777b';

needs('journald').describe.each(BACKENDS)('asking through %s', (backend) => {
  test('unique values byte for byte, field names, boots, usage, whatever the matches are', async () => {
    await using journald = await startJournald();
    const { namespace } = journald;
    const values = ['one', 'two\nlines', Buffer.from([0, 0xff, 0x3d, 0x0a]), ''];
    for (const value of [...values, ...values]) await sendJournal({ MESSAGE: 'x', ODD: value }, { namespace });
    await journald.rotate();
    await sendJournal({ MESSAGE: 'x', ODD: ['one', 'three'] }, { namespace });
    await journald.sync();
    using reader = JournalReader.open({ namespace, backend }).addMatch('MESSAGE', 'none');
    const found = [];
    for await (const value of reader.uniqueValues('ODD')) found.push(value.toString('latin1'));
    const expected = [...values, 'three'].map((value) => Buffer.from(value).toString('latin1'));
    expect(found.toSorted()).toEqual(expected.toSorted());
    for await (const value of reader.uniqueValues('ODD')) {
      expect(value).toBeInstanceOf(Buffer);
      break;
    }
    for await (const value of reader.uniqueValues('NOSUCHFIELD')) expect.unreachable(String(value));

    const names = await reader.fieldNames();
    expect(names).toEqual(names.toSorted());
    expect(names).toEqual(expect.arrayContaining(['MESSAGE', 'ODD', '_BOOT_ID', '_PID']));

    reader.clearMatches();
    const first = await reader.next();
    const [boot, ...others] = await reader.boots();
    expect(others).toEqual([]);
    expect(boot?.bootId).toBe(readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim().replaceAll('-', ''));
    expect(boot?.firstRealtimeUsec).toBe(first?.realtimeUsec);
    await reader.seekTail();
    expect(boot?.lastRealtimeUsec).toBe((await reader.previous())?.realtimeUsec);

    const files = readdirSync(journald.directory).map((name) => statSync(`${journald.directory}/${name}`));
    expect(reader.usage()).toBe(files.reduce((sum, { blocks }) => sum + blocks * 512, 0));
  });

  test('the catalog: by id, with the fields of an entry, null where it has none', async () => {
    await using journald = await startJournald();
    const { namespace } = journald;
    await sendJournal({ MESSAGE: 'x', MESSAGE_ID: STARTED }, { namespace });
    await sendJournal(
      { MESSAGE: 'y', MESSAGE_ID: 'be02cf6855d2428ba40df7e9d022f03d', UNIT: 'a.service' },
      { namespace },
    );
    await sendJournal({ MESSAGE: 'z' }, { namespace });
    await journald.sync();
    using reader = JournalReader.open({ namespace, backend }).addMatch('_TRANSPORT', 'journal');
    const text = await reader.catalog(STARTED);
    if (text === null) {
      // No catalog is installed here (journalctl --update-catalog).
      expect(() => readFileSync('/var/lib/systemd/catalog/database')).toThrow('ENOENT');
      return;
    }
    expect(text).toMatch(/^Subject: /m);
    expect(await reader.catalog('1'.repeat(32))).toBeNull();
    const [one, two, three] = [await reader.next(), await reader.next(), await reader.next()];
    expect(one && (await reader.catalog(one))).toBe(text);
    expect(two && (await reader.catalog(two))).toContain('a.service');
    expect(two && (await reader.catalog(two))).toContain('JOB_ID');
    expect(three && (await reader.catalog(three))).toBeNull();
  });

  test('values longer than the threshold are cut, where the entry is stays whole', async () => {
    await using journald = await startJournald();
    const { namespace } = journald;
    const long = 'compressible '.repeat(10_000);
    await sendJournal({ MESSAGE: long, RAW: Buffer.alloc(5000, 'a\n'), SHORT: 'abc', TEST: 'yes' }, { namespace });
    await journald.sync();
    using whole = JournalReader.open({ namespace, backend }).addMatch('TEST', 'yes');
    using cut = JournalReader.open({ namespace, backend, dataThreshold: 10 }).addMatch('TEST', 'yes');
    const [entry, other] = [await cut.next(), await whole.next()];
    expect(other?.message).toBe(long);
    expect(entry?.message).toBe('compressib');
    expect(entry?.get('RAW')).toBe('a\na\na\na\na\n');
    expect(entry?.get('SHORT')).toBe('abc');
    expect(entry?.cursor).toBe(other?.cursor);
    expect(entry?.bootId).toBe(other?.bootId);
    expect(await cut.previous()).toBeNull();
  });

  const damages = ['cut in the middle', 'full of zeros', 'header of another', 'overwritten'] as const;

  test.each(damages)('a damaged file (%s) is passed over, and the others are read', async (damage) => {
    // journalctl itself ends at a field without a name, and so tells; whether one of those lies there is chance.
    const mayEnd = backend === 'journalctl' && (damage === 'overwritten' || damage === 'full of zeros');
    await using journald = await startJournald();
    const { namespace } = journald;
    const writer = new JournalWriter({ namespace });
    for (let n = 0; n < 300; n++) {
      if (n === 100 || n === 200) {
        await writer.flush();
        await journald.rotate();
      }
      await writer.send({ N: n, TEST: 'yes', VALUE: `unique ${n}`.repeat(20) });
    }
    await writer.close();
    await journald.stop();
    const archived = readdirSync(journald.directory).filter((name) => name.includes('@'));
    expect(archived.length).toBeGreaterThanOrEqual(2);
    const [damaged] = archived.toSorted();
    const path = `${journald.directory}/${damaged}`;
    const { size } = statSync(path);
    if (damage === 'cut in the middle') truncateSync(path, 20_000);
    else {
      const fd = openSync(path, 'r+');
      const garbage = Buffer.alloc(64, damage === 'full of zeros' ? 0 : 0xee);
      const first = damage === 'header of another' ? 0 : 20_000;
      for (let at = first; at < size; at += 4096) writeSync(fd, garbage, 0, 64, at);
      closeSync(fd);
    }
    using reader = JournalReader.open({ namespace: undefined, directory: journald.directory, backend });
    reader.addMatch('TEST', 'yes');
    const found = new Set<number>();
    const reading = (async () => {
      for await (const entry of reader) {
        expect(entry.fields.has('')).toBe(false);
        found.add(Number(entry.get('N')));
      }
    })();
    const failure = await reading.then(
      () => undefined,
      (error: unknown) => error,
    );
    if (mayEnd && failure !== undefined) {
      expect(failure).toMatchObject({ code: 'EIO', message: expect.stringContaining('Invalid field') });
      return;
    }
    expect(failure).toBeUndefined();
    expect([...found].filter((n) => n >= 100).length).toBe(200);
    expect(found.size).toBeLessThan(300);
  });

  test('what is no journal, or not there', async () => {
    using directory = temporaryDirectory();
    const file = `${directory.path}/we[i]rd*.journal`;
    expect(() => JournalReader.open({ files: [file], backend })).toThrow(expect.objectContaining({ code: 'ENOENT' }));
    expect(() => JournalReader.open({ directory: `${directory.path}/no`, backend })).toThrow(
      expect.objectContaining({ code: 'ENOENT', path: `${directory.path}/no` }),
    );
    using empty = JournalReader.open({ directory: directory.path, backend });
    expect(await empty.next()).toBeNull();
  });

  test('a file whose name is a pattern is that file', async () => {
    await using journald = await startJournald();
    await sendJournal({ MESSAGE: 'here', TEST: 'yes' }, { namespace: journald.namespace });
    await journald.stop();
    using directory = temporaryDirectory();
    const file = `${directory.path}/a[1]*?{b}\\.journal`;
    runTool('cp', [`${journald.directory}/system.journal`, file]);
    // What the name would stand for.
    runTool('cp', ['/etc/hostname', `${directory.path}/a1xx{b}.journal`]);
    using reader = JournalReader.open({ files: [file], backend }).addMatch('TEST', 'yes');
    expect((await reader.next())?.message).toBe('here');
  });

  needs('unprivileged-user').test('no permission is told apart from an empty journal', async () => {
    await using journald = await startJournald();
    await sendJournal({ MESSAGE: 'secret' }, { namespace: journald.namespace });
    await journald.rotate();
    const fixture = `${import.meta.dirname}/fixtures/reader-permission.ts`;
    const hidden = await asUnprivileged(fixture, [journald.namespace, backend]);
    expect(hidden).toEqual({ code: 0, stdout: 'EACCES\nnothing there: 0\n' });
    chmodSync(journald.directory, 0o755);
    const names = readdirSync(journald.directory);
    for (const name of names) chmodSync(`${journald.directory}/${name}`, 0o600);
    expect(names.length).toBe(2);
    expect((await asUnprivileged(fixture, [journald.namespace, backend])).stdout).toMatch(/^EACCES\n/);
    chmodSync(`${journald.directory}/${names[0]}`, 0o644);
    expect((await asUnprivileged(fixture, [journald.namespace, backend])).stdout).toMatch(/^entries, 1 hidden\n/);
  });
});

async function asUnprivileged(file: string, args: string[]): Promise<{ code: number | null; stdout: string }> {
  const { code, stdout } = await runFixture(file, args, asUnprivilegedUser);
  return { code, stdout };
}
