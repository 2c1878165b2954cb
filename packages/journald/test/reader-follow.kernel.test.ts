import { readdirSync, unlinkSync } from 'node:fs';

import { JournalReader, JournalWriter, sendJournal, type JournalEntry } from '@osx/journald';
import { needs, runFixture, runTool, startJournald } from '@osx/test-support';
import { expect, test } from 'vitest';

const BACKENDS = ['libsystemd', 'journalctl'] as const;

needs('journald').describe.each(BACKENDS)('following through %s', (backend) => {
  test('gives what is there, then what comes, each once', async () => {
    await using journald = await startJournald();
    const { namespace } = journald;
    for (let n = 0; n < 3; n++) await sendJournal({ N: n, TEST: 'yes' }, { namespace });
    await journald.sync();
    using reader = JournalReader.open({ namespace, backend }).addMatch('TEST', 'yes');
    const entries = reader.follow();
    for (let n = 0; n < 3; n++) expect(await nextNumber(entries)).toBe(n);
    for (let n = 3; n < 30; n++) {
      const waiting = nextNumber(entries);
      await sendJournal({ N: n, TEST: 'yes' }, { namespace });
      await sendJournal({ N: n, TEST: 'no' }, { namespace });
      expect(await waiting).toBe(n);
    }
    await entries.return();
  });

  test('from the tail: nothing of before, everything since the call', async () => {
    await using journald = await startJournald();
    const { namespace } = journald;
    await sendJournal({ N: 0 }, { namespace });
    await journald.sync();
    await new Promise((resolve) => setTimeout(resolve, 5));
    using reader = JournalReader.open({ namespace, backend });
    const entries = reader.follow({ fromTail: true });
    await sendJournal({ N: 1 }, { namespace });
    expect(await nextNumber(entries)).toBe(1);
    await sendJournal({ N: 2 }, { namespace });
    expect(await nextNumber(entries)).toBe(2);
    await entries.return();
  });

  test('from the tail of an empty selection, with matches', async () => {
    await using journald = await startJournald();
    const { namespace } = journald;
    await sendJournal({ N: 0, TEST: 'no' }, { namespace });
    await journald.sync();
    using reader = JournalReader.open({ namespace, backend }).addMatch('TEST', 'yes');
    const entries = reader.follow({ fromTail: true });
    const waiting = nextNumber(entries);
    await sendJournal({ N: 1, TEST: 'no' }, { namespace });
    await sendJournal({ N: 2, TEST: 'yes' }, { namespace });
    expect(await waiting).toBe(2);
    await entries.return();
  });

  test('over rotations, with entries coming all the while', async () => {
    await using journald = await startJournald();
    const { namespace } = journald;
    using reader = JournalReader.open({ namespace, backend }).addMatch('TEST', 'yes');
    const entries = reader.follow();
    const writer = new JournalWriter({ namespace });
    const writing = (async () => {
      for (let n = 0; n < 2000; n++) {
        await writer.send({ N: n, TEST: 'yes' });
        if (n % 500 === 250) await journald.rotate();
        if (n % 500 === 0) process.kill(journald.pid, 'SIGUSR2');
      }
      await writer.close();
    })();
    for (let n = 0; n < 2000; n++) expect(await nextNumber(entries)).toBe(n);
    await writing;
    expect(readdirSync(journald.directory).length).toBeGreaterThan(2);
    await entries.return();
  });

  test('over a vacuum of the file that it stands in', async () => {
    await using journald = await startJournald();
    const { namespace } = journald;
    for (let n = 0; n < 10; n++) await sendJournal({ N: n, TEST: 'yes' }, { namespace });
    await journald.sync();
    using reader = JournalReader.open({ namespace, backend }).addMatch('TEST', 'yes');
    const entries = reader.follow();
    for (let n = 0; n < 10; n++) expect(await nextNumber(entries)).toBe(n);
    for (let round = 0; round < 3; round++) {
      const waiting = nextNumber(entries);
      await journald.rotate();
      runTool('journalctl', [`--namespace=${namespace}`, '--vacuum-files=1']);
      expect(readdirSync(journald.directory).length).toBeLessThanOrEqual(2);
      await sendJournal({ N: 10 + round, TEST: 'yes' }, { namespace });
      expect(await waiting).toBe(10 + round);
    }
    await entries.return();
  });

  test('goes on from a cursor whose file has been removed, with the oldest that is left', async () => {
    await using journald = await startJournald();
    const { namespace } = journald;
    for (let n = 0; n < 3; n++) await sendJournal({ N: n, TEST: 'yes' }, { namespace });
    await journald.sync();
    using before = JournalReader.open({ namespace, backend }).addMatch('TEST', 'yes');
    const cursor = (await before.next())?.cursor as string;
    await journald.rotate();
    for (let n = 3; n < 6; n++) await sendJournal({ N: n, TEST: 'yes' }, { namespace });
    await journald.sync();
    for (const name of readdirSync(journald.directory)) {
      if (name.startsWith('system@')) unlinkSync(`${journald.directory}/${name}`);
    }
    using reader = JournalReader.open({ namespace, backend }).addMatch('TEST', 'yes');
    await reader.seekCursor(cursor);
    const entries = reader.follow();
    for (let n = 3; n < 6; n++) expect(await nextNumber(entries)).toBe(n);
    await entries.return();
  });

  test('a restart of journald, by the kill signal too', async () => {
    await using journald = await startJournald();
    const { namespace } = journald;
    using reader = JournalReader.open({ namespace, backend }).addMatch('TEST', 'yes');
    const entries = reader.follow();
    for (const [n, signal] of (['SIGTERM', 'SIGKILL', 'SIGTERM'] as const).entries()) {
      await sendJournal({ N: n, TEST: 'yes' }, { namespace });
      await journald.sync();
      await journald.restart(signal);
      expect(await nextNumber(entries)).toBe(n);
    }
    await entries.return();
  });

  test('ends with the reason of the signal, and reading goes on from there', async () => {
    await using journald = await startJournald();
    const { namespace } = journald;
    await sendJournal({ N: 0, TEST: 'yes' }, { namespace });
    await journald.sync();
    using reader = JournalReader.open({ namespace, backend }).addMatch('TEST', 'yes');
    const controller = new AbortController();
    const entries = reader.follow({ signal: controller.signal });
    expect(await nextNumber(entries)).toBe(0);
    const waiting = nextNumber(entries);
    await expect(reader.next()).rejects.toMatchObject({ code: 'EBUSY' });
    await expect(reader.follow().next()).rejects.toMatchObject({ code: 'EBUSY' });
    controller.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
    expect(await reader.next()).toBeNull();
    await sendJournal({ N: 1, TEST: 'yes' }, { namespace });
    await journald.sync();
    expect((await reader.next())?.get('N')).toBe('1');
    const aborted = reader.follow({ signal: AbortSignal.abort(new Error('before')) });
    await expect(aborted.next()).rejects.toThrow('before');
  });

  test('ends when the reader is closed', async () => {
    await using journald = await startJournald();
    const reader = JournalReader.open({ namespace: journald.namespace, backend }).addMatch('TEST', 'yes');
    const entries = reader.follow();
    const waiting = entries.next();
    await new Promise((resolve) => setTimeout(resolve, 50));
    reader.close();
    reader.close();
    expect(await waiting).toEqual({ done: true, value: undefined });
    await expect(reader.next()).rejects.toMatchObject({ code: 'EBADF' });
  });

  test('in a Worker', async () => {
    await using journald = await startJournald();
    await sendJournal({ N: 0, TEST: 'yes' }, { namespace: journald.namespace });
    const fixture = `${import.meta.dirname}/fixtures/reader-worker.ts`;
    const { code, stdout, stderr } = await runFixture(fixture, [journald.namespace, backend]);
    expect({ code, stdout, stderr }).toEqual({
      code: 0,
      stdout: 'read 0\nread 1\nread 2\nread 3\nexit 0\n',
      stderr: '',
    });
  });

  test('while it waits, nothing runs', async () => {
    await using journald = await startJournald();
    using reader = JournalReader.open({ namespace: journald.namespace, backend }).addMatch('TEST', 'yes');
    const entries = reader.follow();
    const waiting = nextNumber(entries);
    await new Promise((resolve) => setTimeout(resolve, 200));
    const before = process.cpuUsage();
    await new Promise((resolve) => setTimeout(resolve, 1000));
    const { user, system } = process.cpuUsage(before);
    expect(user + system).toBeLessThan(300_000);
    await sendJournal({ N: 5, TEST: 'yes' }, { namespace: journald.namespace });
    expect(await waiting).toBe(5);
    await entries.return();
  });
});

// journalctl --follow takes no notice of the first directory of a namespace (systemd 252).
needs('journald').test('following through libsystemd a journal that begins only later', async () => {
  await using journald = await startJournald({ started: false });
  const { namespace } = journald;
  using reader = JournalReader.open({ namespace, backend: 'libsystemd' }).addMatch('TEST', 'yes');
  const entries = reader.follow();
  const waiting = nextNumber(entries);
  await journald.start();
  await sendJournal({ N: 1, TEST: 'yes' }, { namespace });
  expect(await waiting).toBe(1);
  await entries.return();
});

async function nextNumber(entries: AsyncIterator<JournalEntry>): Promise<number> {
  const { value } = (await entries.next()) as IteratorResult<JournalEntry, undefined>;
  return Number(value?.get('N'));
}
