import { describe, expect, test } from 'vitest';
import { DROPPED_MESSAGE_ID, JournalWriter } from '@osx/journald';
import type { JournalWriterOptions } from '@osx/journald';
import { eventually, expectNoNewFds, needs, openFds, startJournald, temporaryDirectory } from '@osx/test-support';
import type { TestJournald } from '@osx/test-support';

/** Entries that journald's socket holds while nobody reads: net.unix.max_dgram_qlen, and one more. */
const SOCKET_HOLDS = 11;

needs('journald').describe('a journald that does not read', () => {
  test('wait: send resolves as there is room, nothing is lost', async () => {
    await using journald = await pausedJournald();
    await using writer = writerOf(journald, { queueLimit: 20 });
    let resolved = 0;
    const sends = Array.from({ length: 50 }, (_, n) => writer.send({ N: n }).then(() => (resolved += 1)));
    await eventually(() => resolved === SOCKET_HOLDS + 20);
    expect(writer.queued).toBe(50 - SOCKET_HOLDS);
    journald.resume();
    await Promise.all(sends);
    await writer.flush();
    expect([writer.queued, writer.dropped]).toEqual([0, 0]);
    expect(await numbers(journald)).toEqual(range(0, 50));
  });

  test('wait: who does not await is refused at twice the limit, and counted', async () => {
    await using journald = await pausedJournald();
    await using writer = writerOf(journald, { queueLimit: 20 });
    for (let n = 0; n < 60; n += 1) void writer.send({ N: n });
    await expect(writer.send({ N: 60 })).rejects.toMatchObject({ code: 'ENOBUFS' });
    expect(writer.dropped).toBe(60 - SOCKET_HOLDS - 40 + 1);
    journald.resume();
    await writer.flush();
    expect(await numbers(journald)).toEqual(range(0, SOCKET_HOLDS + 40));
    expect(await reports(journald)).toEqual([10]);
  });

  test('wait: who gives up has not sent, and does not hold up the others', async () => {
    await using journald = await pausedJournald();
    await using writer = writerOf(journald, { queueLimit: 5 });
    for (let n = 0; n < SOCKET_HOLDS + 5; n += 1) await writer.send({ N: n });
    const controller = new AbortController();
    const aborted = writer.send({ N: 100 }, { signal: controller.signal });
    const late = writer.send({ N: 101 }, { timeoutMs: 20 });
    const patient = writer.send({ N: 16 });
    await expect(late).rejects.toMatchObject({ code: 'ETIMEDOUT' });
    controller.abort('enough');
    await expect(aborted).rejects.toBe('enough');
    journald.resume();
    await patient;
    await writer.flush();
    expect(await numbers(journald)).toEqual(range(0, 17));
    expect(writer.dropped).toBe(0);
  });

  test('drop-oldest: the last ones stay', async () => {
    await using journald = await pausedJournald();
    await using writer = writerOf(journald, { queueLimit: 20, whenFull: 'drop-oldest' });
    for (let n = 0; n < 100; n += 1) await writer.send({ N: n });
    expect([writer.queued, writer.dropped]).toEqual([20, 100 - SOCKET_HOLDS - 20]);
    journald.resume();
    await writer.flush();
    expect(await numbers(journald)).toEqual([...range(0, SOCKET_HOLDS), ...range(80, 100)]);
    expect(await reports(journald)).toEqual([69]);
  });

  test('drop-newest: the first ones stay', async () => {
    await using journald = await pausedJournald();
    await using writer = writerOf(journald, { queueLimit: 20, whenFull: 'drop-newest' });
    for (let n = 0; n < 100; n += 1) await writer.send({ N: n });
    expect([writer.queued, writer.dropped]).toEqual([20, 100 - SOCKET_HOLDS - 20]);
    journald.resume();
    await writer.flush();
    expect(await numbers(journald)).toEqual(range(0, SOCKET_HOLDS + 20));
    expect(await reports(journald)).toEqual([69]);
  });

  test.each(['drop-oldest', 'drop-newest'] as const)('%s: bytes count too', async (whenFull) => {
    await using journald = await pausedJournald();
    await using writer = writerOf(journald, { queueLimitBytes: 100_000, whenFull });
    for (let n = 0; n < SOCKET_HOLDS; n += 1) await writer.send({ N: n });
    for (let n = 0; n < 30; n += 1) await writer.send({ N: n, VALUE: 'x'.repeat(9_900) });
    expect(writer.queued).toBe(10);
    expect(writer.dropped).toBe(20);
    await writer.send({ N: 1_000, VALUE: 'x'.repeat(150_000) });
    expect(writer.queued).toBe(whenFull === 'drop-oldest' ? 1 : 10);
    journald.resume();
  });

  test('every report tells of the loss since the one before', async () => {
    await using journald = await startJournald();
    await using writer = writerOf(journald, { queueLimit: 1, whenFull: 'drop-newest' });
    for (const lost of [3, 4]) {
      await journald.sync();
      await journald.pause();
      for (let n = 0; n < SOCKET_HOLDS + 1 + lost; n += 1) await writer.send({ N: n });
      journald.resume();
      await writer.flush();
    }
    expect(writer.dropped).toBe(7);
    expect(await reports(journald)).toEqual([3, 4]);
    const [report] = await journald.export([`MESSAGE_ID=${DROPPED_MESSAGE_ID}`]);
    expect(report?.ownNames).toEqual(['DROPPED_ENTRIES', 'MESSAGE', 'MESSAGE_ID', 'PRIORITY', 'SYSLOG_IDENTIFIER']);
    expect(report?.text('MESSAGE')).toBe('3 entries were lost here: the journal took none for too long');
  });

  test('the event loop turns on, and nothing spins', async () => {
    await using journald = await pausedJournald();
    await using writer = writerOf(journald, { whenFull: 'drop-oldest' });
    const before = process.cpuUsage();
    const started = performance.now();
    for (let n = 0; n < 2_000; n += 1) await writer.send({ N: n });
    let turns = 0;
    const timer = setInterval(() => (turns += 1), 1);
    await eventually(() => turns > 300);
    clearInterval(timer);
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1_000).toBeLessThan((performance.now() - started) * 0.8);
    expect(writer.queued).toBe(2_000 - SOCKET_HOLDS);
    journald.resume();
    await writer.flush();
    expect(await numbers(journald)).toEqual(range(0, 2_000));
  });
});

needs('journald').describe('a journald that comes and goes', () => {
  test('that is not there yet gets everything when it is', async () => {
    await using journald = await startJournald({ started: false });
    await using writer = writerOf(journald, {});
    for (let n = 0; n < 30; n += 1) await writer.send({ N: n });
    expect(writer.queued).toBe(30);
    await journald.start();
    await writer.flush();
    expect(await numbers(journald)).toEqual(range(0, 30));
  });

  test('that is stopped and started again gets the rest', async () => {
    await using journald = await startJournald();
    await using writer = writerOf(journald, {});
    await writer.send({ N: 0 });
    await journald.restart();
    await writer.send({ N: 1 });
    await writer.flush();
    await journald.stop();
    await writer.send({ N: 2 });
    await writer.send({ N: 3, VALUE: Buffer.alloc(1_000_000) });
    expect(writer.queued).toBe(2);
    await journald.start();
    await writer.flush();
    expect(await numbers(journald)).toEqual(range(0, 4));
    expect(writer.dropped).toBe(0);
  });

  test('that is killed while a writer waits for room: the next one is found', async () => {
    await using journald = await pausedJournald();
    await using writer = writerOf(journald, {});
    for (let n = 0; n < 30; n += 1) await writer.send({ N: n });
    await journald.restart('SIGKILL');
    await writer.flush();
    // What was in the socket of the killed one went with it.
    expect(await numbers(journald)).toEqual(range(SOCKET_HOLDS, 30));
  });
});

describe('flush and close', () => {
  needs('journald').test('flush waits, times out, and is there at once when nothing is queued', async () => {
    await using journald = await pausedJournald();
    await using writer = writerOf(journald, {});
    await writer.flush({ timeoutMs: 0 });
    for (let n = 0; n < 20; n += 1) await writer.send({ N: n });
    await expect(writer.flush({ timeoutMs: 20 })).rejects.toMatchObject({ code: 'ETIMEDOUT' });
    expect(writer.queued).toBe(20 - SOCKET_HOLDS);
    const flushed = writer.flush();
    journald.resume();
    await flushed;
    expect(writer.queued).toBe(0);
  });

  needs('journald').test('a flush does not wait for what is sent after it', async () => {
    await using journald = await pausedJournald();
    await using writer = writerOf(journald, { queueLimit: 3, whenFull: 'drop-oldest' });
    for (let n = 0; n < SOCKET_HOLDS + 3; n += 1) await writer.send({ N: n });
    const flushed = writer.flush();
    // What it waits for is dropped, one by one.
    for (let n = 0; n < 3; n += 1) await writer.send({ N: n });
    await flushed;
    journald.resume();
  });

  needs('journald').test('close hands over what is queued, counts the rest, and leaves no descriptor', async () => {
    await using journald = await startJournald();
    const before = openFds();
    const writer = writerOf(journald, {});
    await journald.pause();
    for (let n = 0; n < 20; n += 1) await writer.send({ N: n });
    const closed = writer.close();
    expect(writer.isClosed).toBe(true);
    await expect(writer.send({ N: 99 })).rejects.toMatchObject({ code: 'EBADF' });
    journald.resume();
    await closed;
    await writer.close();
    expect(writer.dropped).toBe(0);
    await journald.sync();
    await journald.pause();
    const other = writerOf(journald, {});
    for (let n = 20; n < 40; n += 1) await other.send({ N: n });
    await other.close({ timeoutMs: 10 });
    expect([other.dropped, other.queued]).toEqual([20 - SOCKET_HOLDS, 0]);
    journald.resume();
    expect(await numbers(journald)).toEqual(range(0, 20 + SOCKET_HOLDS));
    expectNoNewFds(before);
  });

  test('closing a writer that never wrote opens nothing', async () => {
    const before = openFds();
    const writer = new JournalWriter({ socketPath: '/nonexistent/socket' });
    expect(openFds()).toEqual(before);
    await writer.flush();
    await writer.close();
    expectNoNewFds(before);
  });

  test('without anybody there, flush times out and close counts', async () => {
    using directory = temporaryDirectory('journal');
    const before = openFds();
    const writer = new JournalWriter({ socketPath: `${directory.path}/none` });
    for (let n = 0; n < 5; n += 1) await writer.send({ N: n });
    await expect(writer.flush({ timeoutMs: 50 })).rejects.toMatchObject({ code: 'ETIMEDOUT' });
    await writer.close({ timeoutMs: 0 });
    expect(writer.dropped).toBe(5);
    expectNoNewFds(before);
  });
});

needs('journald').test('the call site is the line that sends', async () => {
  await using journald = await startJournald();
  await using writer = new JournalWriter({ namespace: journald.namespace, callSite: true });
  async function takeOrder(): Promise<void> {
    await writer.send({ MESSAGE: 'order' });
  }
  await takeOrder();
  await writer.flush();
  const [entry] = await journald.export(['MESSAGE=order']);
  expect(entry?.text('CODE_FILE')).toBe(import.meta.filename);
  expect(entry?.text('CODE_FUNC')).toBe('takeOrder');
  const line = takeOrderLine();
  expect(Number(entry?.text('CODE_LINE'))).toBeLessThan(line);
  expect(Number(entry?.text('CODE_LINE'))).toBeGreaterThan(line - 20);
});

function takeOrderLine(): number {
  return Number(/:(\d+):\d+\)?$/m.exec((new Error('here').stack ?? '').split('\n')[2] ?? '')?.[1]);
}

describe('options', () => {
  test.each([
    [{ queueLimit: 0 }, /"options\.queueLimit"/],
    [{ queueLimitBytes: 1.5 }, /"options\.queueLimitBytes"/],
    [{ whenFull: 'explode' }, /"options\.whenFull"/],
    [{ namespace: 'a/b' }, /"options\.namespace"/],
    [null, /"options"/],
  ])('%o is refused', (options, message) => {
    expect(() => new JournalWriter(options as never)).toThrow(message);
  });

  test('what is sent is checked before it is queued', async () => {
    const writer = new JournalWriter({ socketPath: '/nonexistent/socket' });
    await expect(writer.send({ lower: 1 })).rejects.toThrow(TypeError);
    await expect(writer.send({ A: 1 }, { timeoutMs: -1 })).rejects.toThrow(RangeError);
    expect(writer.queued).toBe(0);
    await writer.close({ timeoutMs: 0 });
  });
});

async function pausedJournald(): Promise<TestJournald> {
  const journald = await startJournald();
  await journald.pause();
  return journald;
}

function writerOf(journald: TestJournald, options: JournalWriterOptions): JournalWriter {
  return new JournalWriter({ namespace: journald.namespace, identifier: 'writer', ...options });
}

async function numbers(journald: TestJournald): Promise<number[]> {
  const stored = await journald.export(['_TRANSPORT=journal']);
  return stored.flatMap((entry) => (entry.text('N') === undefined ? [] : [Number(entry.text('N'))]));
}

async function reports(journald: TestJournald): Promise<number[]> {
  const stored = await journald.export([`MESSAGE_ID=${DROPPED_MESSAGE_ID}`]);
  return stored.map((entry) => Number(entry.text('DROPPED_ENTRIES')));
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, i) => from + i);
}
