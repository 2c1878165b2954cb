import { describe, expect, test } from 'vitest';
import { sendJournal } from '@osx/journald';
import {
  asUnprivilegedUser,
  eventually,
  expectNoNewFds,
  needs,
  openFds,
  runFixture,
  startJournald,
  temporaryDirectory,
  threadCount,
} from '@osx/test-support';
import { UnixSocket } from '@osx/sockets';

const fixture = (name: string): string => `${import.meta.dirname}/fixtures/${name}`;

needs('journald').describe('one entry', () => {
  test('arrives with an identifier and, when asked for, the place of the call', async () => {
    await using journald = await startJournald();
    const { namespace, socketPath } = journald;
    await sendJournal({ MESSAGE: 'by namespace', PRIORITY: 'notice', SYSLOG_FACILITY: 'daemon' }, { namespace });
    function caller(): Promise<void> {
      return sendJournal({ MESSAGE: 'by path' }, { socketPath, callSite: true, identifier: 'shop' });
    }
    await caller();
    await sendJournal({ MESSAGE: 'bare', CODE_LINE: 1 }, { socketPath, identifier: null, callSite: true });
    const [first, second, third] = await journald.export(['_TRANSPORT=journal']);
    expect(first?.ownNames).toEqual(['MESSAGE', 'PRIORITY', 'SYSLOG_FACILITY', 'SYSLOG_IDENTIFIER']);
    expect(first?.text('PRIORITY')).toBe('5');
    expect(first?.text('SYSLOG_IDENTIFIER')).toMatch(/./);
    expect(second?.text('SYSLOG_IDENTIFIER')).toBe('shop');
    expect(second?.text('CODE_FILE')).toBe(import.meta.filename);
    expect(second?.text('CODE_FUNC')).toBe('caller');
    expect(third?.ownNames).not.toContain('SYSLOG_IDENTIFIER');
    expect(third?.all('CODE_LINE').map(String)).toEqual(['1']);
  });

  test('of 4 MB arrives as one sealed descriptor without a payload', async () => {
    await using journald = await startJournald();
    const value = Buffer.alloc(4_000_000, 'x\0\n');
    await sendJournal({ MESSAGE: 'large', VALUE: value }, { namespace: journald.namespace });
    const [entry] = await journald.export(['MESSAGE=large']);
    expect(entry?.bytes('VALUE')?.equals(value)).toBe(true);
  });

  test.each([212_000, 212_700, 212_900, 213_000, 220_000])('of %i bytes arrives, whichever way', async (length) => {
    await using journald = await startJournald();
    await sendJournal({ VALUE: 'x'.repeat(length), TEST: 'edge' }, { namespace: journald.namespace });
    const [entry] = await journald.export(['TEST=edge']);
    expect(entry?.bytes('VALUE')?.length).toBe(length);
  });

  test('leaves no descriptor and no thread behind', async () => {
    await using journald = await startJournald();
    const { namespace } = journald;
    await sendJournal({ MESSAGE: 'first' }, { namespace });
    const threads = threadCount();
    await withoutNewFds(async () => {
      await Promise.all(Array.from({ length: 300 }, (_, i) => sendJournal({ MESSAGE: 'x', N: i }, { namespace })));
      await sendJournal({ MESSAGE: 'large', VALUE: Buffer.alloc(500_000) }, { namespace });
    });
    expect(threadCount()).toBe(threads);
    const numbers = (await journald.export(['MESSAGE=x'])).map((entry) => Number(entry.text('N')));
    expect(numbers).toEqual(Array.from({ length: 300 }, (_, i) => i));
  });
});

describe('nobody there', () => {
  test('no socket is ENOENT', async () => {
    using directory = temporaryDirectory('journal');
    await withoutNewFds(async () => {
      const socketPath = `${directory.path}/socket`;
      await expect(sendJournal({ MESSAGE: 'x' }, { socketPath })).rejects.toMatchObject({ code: 'ENOENT' });
      await expect(sendJournal({ MESSAGE: 'x' }, { namespace: 'osx-nobody' })).rejects.toMatchObject({
        code: 'ENOENT',
        message: expect.stringContaining('/run/systemd/journal.osx-nobody/socket'),
      });
    });
  });

  needs('journald').test('a stopped daemon is ECONNREFUSED, and the next entry finds the new one', async () => {
    await using journald = await startJournald();
    const { namespace } = journald;
    await sendJournal({ MESSAGE: 'before' }, { namespace });
    await journald.stop();
    await expect(sendJournal({ MESSAGE: 'lost' }, { namespace })).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await journald.start();
    await sendJournal({ MESSAGE: 'after' }, { namespace });
    const stored = await journald.export(['_TRANSPORT=journal']);
    expect(stored.map((entry) => entry.text('MESSAGE'))).toEqual(['before', 'after']);
  });
});

needs('journald').describe('a journald that does not read', () => {
  test('is waited for, in order, without blocking', async () => {
    await using journald = await startJournald();
    const { namespace } = journald;
    await journald.pause();
    let sent = 0;
    const all = Promise.all(
      Array.from({ length: 100 }, (_, i) => sendJournal({ MESSAGE: 'x', N: i }, { namespace }).then(() => (sent += 1))),
    );
    await eventually(() => sent >= 10);
    let turns = 0;
    const timer = setInterval(() => (turns += 1), 1);
    await eventually(() => turns > 20);
    clearInterval(timer);
    expect(sent).toBeLessThan(20);
    journald.resume();
    await all;
    const numbers = (await journald.export(['MESSAGE=x'])).map((entry) => Number(entry.text('N')));
    expect(numbers).toEqual(Array.from({ length: 100 }, (_, i) => i));
  });

  test('until the time is over, or the signal aborts; who gave up has not sent', async () => {
    await using journald = await startJournald();
    const { namespace } = journald;
    await sendJournal({ MESSAGE: 'warm' }, { namespace });
    await journald.sync();
    await journald.pause();
    await withoutNewFds(async () => {
      const filling = Array.from({ length: 11 }, () => sendJournal({ MESSAGE: 'filling' }, { namespace }));
      await Promise.all(filling);
      const late = sendJournal({ MESSAGE: 'gave up' }, { namespace, timeoutMs: 30 });
      await expect(late).rejects.toMatchObject({ code: 'ETIMEDOUT', syscall: 'sendmsg' });
      const controller = new AbortController();
      const aborted = sendJournal({ MESSAGE: 'gave up' }, { namespace, signal: controller.signal });
      controller.abort(new Error('enough'));
      await expect(aborted).rejects.toThrow('enough');
      const already = sendJournal({ MESSAGE: 'gave up' }, { namespace, signal: AbortSignal.abort('no') });
      await expect(already).rejects.toBe('no');
    });
    journald.resume();
    const stored = await journald.export(['_TRANSPORT=journal']);
    expect(stored.filter((entry) => entry.text('MESSAGE') === 'gave up')).toEqual([]);
    expect(stored).toHaveLength(12);
  });

  test('takes large entries when it reads again', async () => {
    await using journald = await startJournald();
    const { namespace } = journald;
    await journald.pause();
    const all = Array.from({ length: 30 }, (_, i) => {
      return sendJournal(
        { MESSAGE: 'x', N: i, VALUE: Buffer.alloc(i % 2 === 0 ? 300_000 : 100_000, i) },
        { namespace },
      );
    });
    journald.resume();
    await Promise.all(all);
    const stored = await journald.export(['MESSAGE=x']);
    expect(stored.map((entry) => [Number(entry.text('N')), entry.bytes('VALUE')?.[0]])).toEqual(
      Array.from({ length: 30 }, (_, i) => [i, i]),
    );
  });
});

needs('journald', 'unprivileged-user').describe('as nobody', () => {
  test('small and large entries arrive; a file that is not sealed is not taken', async () => {
    await using journald = await startJournald();
    const result = await runFixture(fixture('send-as-nobody.ts'), [journald.socketPath], asUnprivilegedUser);
    expect(result).toMatchObject({ code: 0, stdout: 'sent\n' });
    const stored = await journald.export(['_TRANSPORT=journal']);
    expect(stored.map((entry) => [entry.text('MESSAGE'), entry.text('_UID'), entry.bytes('VALUE')?.length])).toEqual([
      ['small', '65534', 1],
      ['large', '65534', 1_000_000],
      ['sealed by hand', '65534', undefined],
    ]);
  });
});

describe('without @osx/linux', () => {
  needs('journald').test('small entries go, a large one is an error that says what is missing', async () => {
    await using journald = await startJournald();
    const result = await runFixture(fixture('send-without-linux.ts'), [journald.socketPath]);
    expect(result.stderr).toBe('');
    const told = JSON.parse(result.stdout) as Record<string, string>;
    expect(told).toMatchObject({ name: 'UnsupportedError', code: 'ENOTSUP', dropped: 1, writer: 'ENOTSUP' });
    expect(told['message']).toMatch(/@osx\/linux.*--omit=optional.*npm install.*entries larger than a datagram/);
    const stored = await journald.export(['_TRANSPORT=journal']);
    expect(stored.map((entry) => entry.text('MESSAGE'))).toEqual([
      'small',
      'small, after',
      '1 entry was lost here: the journal took none for too long',
    ]);
  });
});

describe('arguments', () => {
  test.each([
    [{ socketPath: '/x', namespace: 'y' }, /"options\.namespace".*left out/],
    [{ namespace: 'a/b' }, /"options\.namespace"/],
    [{ namespace: '..' }, /"options\.namespace"/],
    [{ namespace: '' }, /"options\.namespace"/],
    [{ socketPath: 1 }, /"options\.socketPath"/],
    [{ socketPath: '/x\0' }, /"options\.socketPath"/],
    [{ socketPath: `/${'x'.repeat(200)}` }, /107/],
    [{ identifier: 1 }, /"options\.identifier"/],
    [{ callSite: 1 }, /"options\.callSite"/],
    [{ fallback: 'yes' }, /"options\.fallback"/],
    [{ timeoutMs: -1 }, /"options\.timeoutMs"/],
    [{ signal: {} }, /"options\.signal"/],
    [null, /"options"/],
  ])('%o', async (options, message) => {
    const call = sendJournal({ MESSAGE: 'x' }, options as never);
    await expect(call).rejects.toThrow(message);
    await call.catch((error: unknown) => expect(error).toMatchObject({ code: expect.stringMatching(/^ERR_/) }));
  });

  test('a datagram of another receiver is what encodeJournalEntry made', async () => {
    using directory = temporaryDirectory('journal');
    using receiver = UnixSocket.open('datagram');
    receiver.bind(`${directory.path}/socket`);
    await sendJournal({ MESSAGE: 'a\nb' }, { socketPath: Buffer.from(`${directory.path}/socket`), identifier: 'me' });
    expect(receiver.tryReceive()?.data.toString('latin1')).toBe(
      'MESSAGE\n\x03\0\0\0\0\0\0\0a\nb\nSYSLOG_IDENTIFIER=me\n',
    );
  });
});

async function withoutNewFds(work: () => Promise<void>): Promise<void> {
  const before = openFds();
  await work();
  expectNoNewFds(before);
}
