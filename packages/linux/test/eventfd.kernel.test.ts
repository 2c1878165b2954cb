import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { duplicate, getStatusFlags, isCloseOnExec, isNonblocking, setNonblocking } from '@osx/fds';
import { EventFd } from '@osx/linux/eventfd';
import { expectNoNewFds, needs, openFds, runFixture, straceInject, threadCount } from '@osx/test-support';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { codeOf } from './fixtures/epoll-oracle.ts';

const MAX = 2n ** 64n - 2n;
const probe = new URL('fixtures/eventfd-probe.ts', import.meta.url);

let before: ReadonlyMap<number, string>;
beforeAll(() => {
  EventFd.create().close();
  before = openFds();
});
afterAll(() => expectNoNewFds(before));

/** `eventfd-count` as the kernel shows it. */
function kernelCount(eventfd: EventFd): bigint {
  const fdinfo = readFileSync(`/proc/self/fdinfo/${eventfd.fd}`, 'latin1');
  return BigInt(`0x${/^eventfd-count:\s*([0-9a-f]+)/m.exec(fdinfo)?.[1]}`);
}

describe('create', () => {
  test('close-on-exec, non-blocking, with 0', () => {
    using eventfd = EventFd.create();
    expect(openFds().get(eventfd.fd)).toBe('anon_inode:[eventfd]');
    expect([isCloseOnExec(eventfd.fd), isNonblocking(eventfd.fd), eventfd.isSemaphore]).toEqual([true, true, false]);
    expect(execFileSync('ls', ['-l', '/proc/self/fd'], { encoding: 'utf8' })).not.toContain('eventfd');
    expect([kernelCount(eventfd), eventfd.peek(), eventfd.tryRead()]).toEqual([0n, 0n, null]);
  });

  test.each([0, 1, 42n, 2 ** 32 - 1, 2 ** 32, 2n ** 53n + 1n, MAX])('starts with %s', (initial) => {
    using eventfd = EventFd.create({ initial });
    expect([kernelCount(eventfd), eventfd.peek()]).toEqual([BigInt(initial), BigInt(initial)]);
    expect(eventfd.tryRead()).toBe(BigInt(initial) === 0n ? null : BigInt(initial));
    expect(kernelCount(eventfd)).toBe(0n);
  });

  test.each<[unknown, string]>([
    [MAX + 1n, 'EINVAL'],
    [MAX + 2n, 'ERR_OUT_OF_RANGE'],
    [~0n, 'ERR_OUT_OF_RANGE'],
    [-1, 'ERR_OUT_OF_RANGE'],
    [0.5, 'ERR_OUT_OF_RANGE'],
    [2 ** 53, 'ERR_OUT_OF_RANGE'],
    [Number.NaN, 'ERR_OUT_OF_RANGE'],
    ['1', 'ERR_INVALID_ARG_TYPE'],
    [null, 'ERR_INVALID_ARG_TYPE'],
  ])('%s is refused, as a start and as an addend, before any system call', async (value, code) => {
    using eventfd = EventFd.create();
    expect(codeOf(() => EventFd.create({ initial: value as bigint }))).toBe(code);
    expect(codeOf(() => eventfd.add(value as bigint))).toBe(code);
    await expect(eventfd.write(value as bigint)).rejects.toMatchObject({ code });
    expect(kernelCount(eventfd)).toBe(0n);
  });

  test('bad options are refused by name', async () => {
    expect(() => EventFd.create({ semaphore: 1 as never })).toThrow(/options\.semaphore/);
    expect(codeOf(() => EventFd.create(1 as never))).toBe('ERR_INVALID_ARG_TYPE');
    using eventfd = EventFd.create();
    expect(() => eventfd.values({ signal: 1 as never })).toThrow(/options\.signal/);
    await expect(eventfd.read({ timeoutMs: -1 })).rejects.toMatchObject({ code: 'ERR_OUT_OF_RANGE' });
    await expect(eventfd.write(1, { signal: 1 as never })).rejects.toMatchObject({ code: 'ERR_INVALID_ARG_TYPE' });
  });
});

describe('the counter', () => {
  test('sums up what is added, and a read takes all', () => {
    using eventfd = EventFd.create({ initial: 1 });
    eventfd.add();
    eventfd.add(10);
    eventfd.add(2n ** 40n);
    eventfd.add(0);
    expect([eventfd.peek(), eventfd.tryRead(), eventfd.tryRead()]).toEqual([2n ** 40n + 12n, 2n ** 40n + 12n, null]);
  });

  test('a semaphore gives 1 at a time', async () => {
    using eventfd = EventFd.create({ initial: 3, semaphore: true });
    expect(readFileSync(`/proc/self/fdinfo/${eventfd.fd}`, 'latin1')).toMatch(/eventfd-semaphore: 1|^(?!.*semaphore)/s);
    expect([eventfd.isSemaphore, eventfd.tryRead(), await eventfd.read(), kernelCount(eventfd)]).toEqual([
      true,
      1n,
      1n,
      1n,
    ]);
    expect([eventfd.tryRead(), eventfd.tryRead()]).toEqual([1n, null]);
  });

  test('beyond 2^64 - 2 is EAGAIN, and nothing is added', () => {
    using eventfd = EventFd.create({ initial: MAX - 1n });
    expect(() => eventfd.add(2)).toThrow(
      expect.objectContaining({ code: 'EAGAIN', syscall: 'write', message: expect.stringContaining('2^64 - 2') }),
    );
    expect(kernelCount(eventfd)).toBe(MAX - 1n);
    eventfd.add(1);
    expect(codeOf(() => eventfd.add())).toBe('EAGAIN');
    expect(eventfd.tryRead()).toBe(MAX);
  });

  test('a closed one is EBADF everywhere, and close may be called twice', async () => {
    const eventfd = EventFd.create({ initial: 1 });
    const { fd } = eventfd;
    eventfd.close();
    eventfd.close();
    expect([eventfd.isClosed, codeOf(() => fstatSync(fd))]).toEqual([true, 'EBADF']);
    const calls = [
      () => eventfd.fd,
      () => eventfd.add(),
      () => eventfd.tryRead(),
      () => eventfd.peek(),
      () => eventfd.duplicateFd(),
      () => eventfd.values(),
    ];
    for (const call of calls) expect(codeOf(call)).toBe('EBADF');
    await expect(eventfd.read()).rejects.toMatchObject({ code: 'EBADF', syscall: 'read' });
    await expect(eventfd.write(1)).rejects.toMatchObject({ code: 'EBADF', syscall: 'write' });
  });
});

describe('read', () => {
  test('waits without a thread, and takes the sum', async () => {
    using eventfd = EventFd.create();
    const threads = threadCount();
    const reading = eventfd.read();
    expect(threadCount()).toBe(threads);
    eventfd.add(2);
    eventfd.add(3);
    expect(await reading).toBe(5n);
  });

  test('reads that wait are served in order, one value each', async () => {
    using eventfd = EventFd.create({ semaphore: true });
    const order: string[] = [];
    const reads = ['a', 'b', 'c'].map(async (name) => order.push(`${name}${await eventfd.read()}`));
    eventfd.add(2);
    await Promise.all(reads.slice(0, 2));
    expect([order, eventfd.peek()]).toEqual([['a1', 'b1'], 0n]);
    eventfd.add();
    await reads[2];
    expect(order).toEqual(['a1', 'b1', 'c1']);
  });

  test('ETIMEDOUT, the reason of the signal, EBADF at close; nothing is taken', async () => {
    const eventfd = EventFd.create();
    await expect(eventfd.read({ timeoutMs: 10 })).rejects.toMatchObject({ code: 'ETIMEDOUT' });
    const reason = new Error('enough');
    await expect(eventfd.read({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    const controller = new AbortController();
    const aborted = eventfd.read({ signal: controller.signal });
    controller.abort(reason);
    await expect(aborted).rejects.toBe(reason);
    eventfd.add();
    expect(eventfd.peek()).toBe(1n);
    expect(await eventfd.read({ timeoutMs: 0 })).toBe(1n);
    const closing = eventfd.read();
    eventfd.close();
    await expect(closing).rejects.toMatchObject({ code: 'EBADF', syscall: 'read' });
  });
});

describe('write', () => {
  test('adds before it returns when there is room', async () => {
    using eventfd = EventFd.create();
    const writing = eventfd.write(7);
    expect(eventfd.peek()).toBe(7n);
    await writing;
  });

  test('waits for room, for more than 1 as well, and does not spin meanwhile', async () => {
    using eventfd = EventFd.create({ initial: MAX - 10n });
    let isDone = false;
    const writing = eventfd.write(100).then(() => (isDone = true));
    const cpu = process.cpuUsage();
    const since = performance.now();
    await new Promise((resolve) => setTimeout(resolve, 200));
    const { user, system } = process.cpuUsage(cpu);
    // The descriptor is writable all the time, for 1: who waits for that state uses a whole processor.
    expect((user + system) / 1000).toBeLessThan((performance.now() - since) / 2);
    expect([isDone, eventfd.peek()]).toEqual([false, MAX - 10n]);
    expect(eventfd.tryRead()).toBe(MAX - 10n);
    await writing;
    expect(eventfd.tryRead()).toBe(100n);
  });

  test('a semaphore makes room bit by bit', async () => {
    using eventfd = EventFd.create({ initial: MAX, semaphore: true });
    const writing = eventfd.write(2);
    eventfd.tryRead();
    await new Promise(setImmediate);
    expect(eventfd.peek()).toBe(MAX - 1n);
    eventfd.tryRead();
    await writing;
    expect(eventfd.peek()).toBe(MAX);
  });

  test('writes that wait are served in order; one that gives up lets the next pass', async () => {
    using eventfd = EventFd.create({ initial: MAX });
    const order: number[] = [];
    const controller = new AbortController();
    const reason = new Error('enough');
    const first = eventfd.write(MAX, { signal: controller.signal });
    const second = eventfd.write(5).then(() => order.push(2));
    const third = eventfd.write(6).then(() => order.push(3));
    await expect(eventfd.write(1, { timeoutMs: 10 })).rejects.toMatchObject({ code: 'ETIMEDOUT' });
    eventfd.tryRead();
    eventfd.add(1); // so that the first does not fit, and the others do not pass it
    await new Promise(setImmediate);
    await new Promise(setImmediate);
    expect([order, eventfd.peek()]).toEqual([[], 1n]);
    controller.abort(reason);
    await expect(first).rejects.toBe(reason);
    await Promise.all([second, third]);
    expect([order, eventfd.tryRead()]).toEqual([[2, 3], 12n]);
    // All is put away: a new wait starts anew.
    eventfd.add(MAX);
    const again = eventfd.write(1);
    eventfd.tryRead();
    await again;
  });

  test('EBADF at close', async () => {
    const eventfd = EventFd.create({ initial: MAX });
    const closing = eventfd.write(1);
    eventfd.close();
    await expect(closing).rejects.toMatchObject({ code: 'EBADF', syscall: 'write' });
  });
});

describe('iteration', () => {
  test('values as they are taken; leaving the loop leaves the counter open', async () => {
    using eventfd = EventFd.create();
    const seen: bigint[] = [];
    eventfd.add(1);
    for await (const value of eventfd) {
      seen.push(value);
      if (seen.length === 3) break;
      setImmediate(() => eventfd.add(seen.length + 1));
    }
    expect([seen, eventfd.isClosed]).toEqual([[1n, 2n, 3n], false]);
  });

  test('ends with close, rejects with the reason of its signal', async () => {
    const eventfd = EventFd.create();
    const reason = new Error('enough');
    const controller = new AbortController();
    const pending = eventfd.values({ signal: controller.signal }).next();
    controller.abort(reason);
    await expect(pending).rejects.toBe(reason);
    const waiting = eventfd.values().next();
    eventfd.close();
    expect(await waiting).toEqual({ done: true, value: undefined });
  });

  test('a flood leaves the event loop to others', async () => {
    using eventfd = EventFd.create({ initial: MAX, semaphore: true });
    let isOver = false;
    setTimeout(() => (isOver = true), 20);
    for await (const value of eventfd) {
      expect(value).toBe(1n);
      if (isOver) break;
    }
  });
});

describe('fromFd', () => {
  test('takes over: non-blocking, close-on-exec, and closed by its object', () => {
    using eventfd = EventFd.create({ initial: 5, semaphore: true });
    const number = duplicate(eventfd.fd, { closeOnExec: false }).release();
    setNonblocking(number, false);
    const adopted = EventFd.fromFd(number);
    expect([adopted.fd, isCloseOnExec(number), isNonblocking(number)]).toEqual([number, true, true]);
    expect([true, undefined]).toContain(adopted.isSemaphore);
    expect([adopted.tryRead(), eventfd.peek()]).toEqual([1n, 4n]);
    adopted.close();
    expect(codeOf(() => fstatSync(number))).toBe('EBADF');
    expect(eventfd.peek()).toBe(4n);
  });

  test('what is no eventfd is refused, and neither taken nor touched', () => {
    const file = openSync('/dev/null', 'r');
    const flags = getStatusFlags(file);
    expect(() => EventFd.fromFd(file)).toThrow(
      expect.objectContaining({ code: 'EINVAL', message: expect.stringContaining('no eventfd') }),
    );
    expect(getStatusFlags(file)).toBe(flags);
    closeSync(file);
    expect(codeOf(() => EventFd.fromFd(file))).toBe('EBADF');
    expect(codeOf(() => EventFd.fromFd(-1))).toBe('ERR_OUT_OF_RANGE');
    expect(codeOf(() => EventFd.fromFd('3' as never))).toBe('ERR_INVALID_ARG_TYPE');
  });

  test('duplicateFd is a number of its own for the same counter', () => {
    using eventfd = EventFd.create();
    const number = eventfd.duplicateFd();
    expect([number === eventfd.fd, isCloseOnExec(number)]).toEqual([false, true]);
    using copy = EventFd.fromFd(number);
    copy.add(9);
    expect(eventfd.tryRead()).toBe(9n);
  });
});

describe('across processes', () => {
  const peer = fileURLToPath(new URL('fixtures/eventfd-peer.ts', import.meta.url));

  test('wakes a child, and is woken by it, 200 times', async () => {
    using pings = EventFd.create();
    using pongs = EventFd.create();
    const child = spawn(process.execPath, [peer, 'echo'], { stdio: ['ignore', 'pipe', 'inherit', pings.fd, pongs.fd] });
    const output: Buffer[] = [];
    child.stdout?.on('data', (chunk: Buffer) => output.push(chunk));
    const ended = once(child, 'close');
    for (let round = 100; round < 300; round += 1) {
      pings.add(round);
      expect(await pongs.read({ timeoutMs: 30_000 })).toBe(BigInt(round + 1));
    }
    pings.add(99);
    expect(await ended).toEqual([0, null]);
    expect(Buffer.concat(output).toString()).toMatch(/^ready\ndone (false|undefined)\n$/);
  });

  test('no addition of several processes is lost', async () => {
    using pings = EventFd.create();
    using pongs = EventFd.create();
    const children = [1, 2, 3].map(() =>
      spawn(process.execPath, [peer, 'write', '5000'], { stdio: ['ignore', 'ignore', 'inherit', pings.fd, pongs.fd] }),
    );
    const ended = Promise.all(children.map((child) => once(child, 'exit')));
    let sum = 0n;
    while (sum < 15_000n) sum += await pongs.read({ timeoutMs: 60_000 });
    await ended;
    expect([sum, pongs.tryRead()]).toEqual([15_000n, null]);
  });

  needs('python3').test('is the eventfd of others: Python reads and writes it', async () => {
    using eventfd = EventFd.create({ initial: 6 });
    const script = 'import os,struct; n=struct.unpack("Q",os.read(3,8))[0]; os.write(3,struct.pack("Q",n*7))';
    const child = spawn('python3', ['-c', script], { stdio: ['ignore', 'ignore', 'inherit', eventfd.fd] });
    const ended = once(child, 'exit');
    await ended;
    expect(await eventfd.read({ timeoutMs: 30_000 })).toBe(42n);
  });
});

describe('faults and lifetime', () => {
  needs('strace').test.each([
    ['create', 'eventfd2:error=ENOSYS', 'ENOTSUP Linux 2.6.27, and no seccomp filter against it'],
    ['create', 'eventfd2:error=EINVAL', 'EINVAL eventfd2'],
    ['semaphore', 'eventfd2:error=EINVAL', 'ENOTSUP Linux 2.6.30'],
    ['create', 'eventfd2:error=ENFILE', 'ENFILE eventfd2'],
  ])('%s under %s says %s', async (what, inject, expected) => {
    const { stdout, injected } = await straceInject(probe, [what, 'hold'], inject, { whenReady: true });
    expect([injected, stdout]).toEqual([true, `${expected}\n`]);
  });

  test.each([
    ['read-ref', 'ETIMEDOUT\n'],
    ['write-ref', 'ETIMEDOUT\n'],
    ['read-unref', 'done\n'],
    ['write-unref', 'done\n'],
    ['read-unref-later', 'done\n'],
  ])('%s', async (what, stdout) => {
    expect(await runFixture(probe, [what])).toMatchObject({ code: 0, stdout });
  });

  test('the counter lives while somebody holds it', async () => {
    const eventfd = EventFd.create({ initial: 3 });
    using kept = EventFd.fromFd(eventfd.duplicateFd());
    eventfd.close();
    expect(await kept.read()).toBe(3n);
  });
});
