import { constants, readFileSync, writeSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer, connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { getEventListeners, once } from 'node:events';

import { eventually, expectNoNewFds, openFds, temporaryDirectory, threadCount } from '@osx/test-support';
import { describe, expect, test } from 'vitest';

import {
  duplicate,
  Fd,
  getPipeSize,
  isNonblocking,
  isOpen,
  open,
  pipe,
  readFd,
  setNonblocking,
  writeFd,
} from '@osx/fds';
import { fdinfoFlags, NONBLOCK } from './fdinfo-flags.ts';

/** A pipe that is closed at the end of the test. */
function testPipe(options?: { nonblocking: boolean }) {
  const { readEnd, writeEnd } = pipe(options);
  return {
    readEnd,
    writeEnd,
    [Symbol.dispose]() {
      readEnd.close();
      writeEnd.close();
    },
  };
}

const text = (bytes: Buffer, count: number): string => bytes.toString('utf8', 0, count);

describe.each([{ nonblocking: false }, { nonblocking: true }])('a pipe, %o', (options) => {
  test('a read waits for the first byte and takes what is there', async () => {
    using both = testPipe(options);
    const bytes = Buffer.alloc(10);
    const reading = both.readEnd.read(bytes);
    writeSync(both.writeEnd.number, 'abc');
    expect(text(bytes, await reading)).toBe('abc');
  });

  test('a view is filled where it lies', async () => {
    using both = testPipe(options);
    const whole = Buffer.from('..........');
    writeSync(both.writeEnd.number, 'abcdef');
    expect(await both.readEnd.read(new DataView(whole.buffer, whole.byteOffset + 2, 3))).toBe(3);
    expect(whole.toString()).toBe('..abc.....');
  });

  test('the end of file is 0, again and again', async () => {
    using both = testPipe(options);
    writeSync(both.writeEnd.number, 'x');
    const bytes = Buffer.alloc(10);
    const reads = [both.readEnd.read(bytes), both.readEnd.read(bytes), both.readEnd.read(bytes)];
    both.writeEnd.close();
    expect(await Promise.all(reads)).toEqual([1, 0, 0]);
  });

  test('concurrent reads are served in the order of their calls', async () => {
    using both = testPipe(options);
    const buffers = Array.from({ length: 50 }, () => Buffer.alloc(1));
    const order: number[] = [];
    const reads = buffers.map(async (buffer, index) => {
      await both.readEnd.read(buffer);
      order.push(index);
    });
    const sent = Buffer.from(buffers.map((_, index) => index));
    await both.writeEnd.writeAll(sent);
    await Promise.all(reads);
    expect(Buffer.concat(buffers)).toEqual(sent);
    expect(order).toEqual([...sent]);
  });

  test('a write takes what fits and waits when nothing does', async () => {
    using both = testPipe(options);
    const size = getPipeSize(both.readEnd);
    expect(await both.writeEnd.write(Buffer.alloc(size + 1))).toBe(size);
    await expect(both.writeEnd.write('x', { timeoutMs: 20 })).rejects.toMatchObject({ code: 'ETIMEDOUT' });
    const writing = both.writeEnd.write('x');
    expect(await both.readEnd.read(Buffer.alloc(size))).toBe(size);
    expect(await writing).toBe(1);
  });

  test('writeAll calls are each whole, in order', async () => {
    using both = testPipe(options);
    const parts = ['a', 'b', 'c'].map((letter) => letter.repeat(200_000));
    const writing = Promise.all(parts.map((part) => both.writeEnd.writeAll(part))).then(() => both.writeEnd.close());
    let received = '';
    for await (const chunk of both.readEnd) received += chunk.toString();
    await writing;
    expect(received).toBe(parts.join(''));
  });

  test('a write without a reader is EPIPE, at once and while it waits', async () => {
    using both = testPipe(options);
    const writing = both.writeEnd.writeAll(Buffer.alloc(200_000));
    both.readEnd.close();
    await expect(writing).rejects.toMatchObject({ code: 'EPIPE', syscall: 'write' });
    await expect(both.writeEnd.write('x')).rejects.toMatchObject({ code: 'EPIPE' });
  });

  test('the wrong end is EBADF', async () => {
    using both = testPipe(options);
    await expect(both.writeEnd.read(Buffer.alloc(1))).rejects.toMatchObject({ code: 'EBADF', syscall: 'read' });
    await expect(both.readEnd.write('x')).rejects.toMatchObject({ code: 'EBADF', syscall: 'write' });
  });

  test('a timeout and an abort reject, take nothing, and let the next in', async () => {
    using both = testPipe(options);
    const bytes = Buffer.alloc(10);
    const controller = new AbortController();
    const reason = new Error('enough');
    const aborted = both.readEnd.read(bytes, { signal: controller.signal });
    const late = both.readEnd.read(bytes, { timeoutMs: 10 });
    const patient = both.readEnd.read(bytes);
    await expect(late).rejects.toMatchObject({ code: 'ETIMEDOUT', syscall: 'read' });
    controller.abort(reason);
    await expect(aborted).rejects.toBe(reason);
    writeSync(both.writeEnd.number, 'abc');
    expect(text(bytes, await patient)).toBe('abc');
  });

  test('reading never changes the mode', async () => {
    using both = testPipe(options);
    const flags = fdinfoFlags(both.readEnd.number);
    await expect(both.readEnd.read(Buffer.alloc(1), { timeoutMs: 1 })).rejects.toMatchObject({ code: 'ETIMEDOUT' });
    writeSync(both.writeEnd.number, 'x');
    const reading = both.readEnd.read(Buffer.alloc(1));
    expect(fdinfoFlags(both.readEnd.number)).toBe(flags);
    await reading;
    expect(isNonblocking(both.readEnd)).toBe(options.nonblocking);
  });

  test('close() rejects what waits, at once and in line, and frees the descriptor', async () => {
    const before = openFds();
    const both = testPipe(options);
    const { number } = both.readEnd;
    const reads = [both.readEnd.read(Buffer.alloc(1)), both.readEnd.read(Buffer.alloc(1))];
    const outcomes = Promise.allSettled(reads);
    both.readEnd.close();
    const strangers = [open('/dev/zero')];
    while (strangers.at(-1)?.number !== number) strangers.push(open('/dev/zero'));
    for (const { status, reason } of (await outcomes) as PromiseRejectedResult[]) {
      expect(status).toBe('rejected');
      expect(reason).toMatchObject({ code: 'EBADF', syscall: 'read' });
      expect(String(reason)).toMatch(/it was closed/);
    }
    await expect(both.writeEnd.write('x')).rejects.toMatchObject({ code: 'EPIPE' });
    for (const stranger of strangers) stranger.close();
    both.writeEnd.close();
    expectNoNewFds(before);
  });

  test('release() rejects what waits and leaves the bytes', async () => {
    using both = testPipe(options);
    const waiting = both.readEnd.read(Buffer.alloc(1));
    using heir = Fd.adopt(both.readEnd.release());
    await expect(waiting).rejects.toThrow(/it was released/);
    writeSync(both.writeEnd.number, 'x');
    expect(await heir.read(Buffer.alloc(1))).toBe(1);
  });
});

test('200 waiting reads take no thread, and fs answers meanwhile', async () => {
  await readFile('/etc/hostname');
  const before = openFds();
  const threads = threadCount();
  const pipes = Array.from({ length: 200 }, () => testPipe());
  const reads = pipes.map(({ readEnd }) => readEnd.read(Buffer.alloc(1)));
  const files = await Promise.all(Array.from({ length: 20 }, () => readFile('/proc/self/status', 'utf8')));
  expect(files.every((file) => file.includes('Threads'))).toBe(true);
  expect(threadCount()).toBe(threads);
  for (const { writeEnd } of pipes) writeSync(writeEnd.number, 'x');
  expect(await Promise.all(reads)).toEqual(Array(200).fill(1));
  for (const both of pipes) both[Symbol.dispose]();
  expectNoNewFds(before);
});

test('two readers share a blocking pipe: neither ever waits in read(2)', async () => {
  using both = testPipe();
  using other = duplicate(both.readEnd);
  const readers = [both.readEnd.read(Buffer.alloc(1)), other.read(Buffer.alloc(1))];
  writeSync(both.writeEnd.number, 'x');
  await Promise.race(readers);
  writeSync(both.writeEnd.number, 'y');
  expect(await Promise.all(readers)).toEqual([1, 1]);
});

test('what is always ready does not starve the event loop', async () => {
  using zero = open('/dev/zero');
  const buffer = Buffer.alloc(1);
  const timer = { fired: false };
  setTimeout(() => (timer.fired = true), 1);
  for (let count = 0; count < 1_000_000 && !timer.fired; count++) await zero.read(buffer);
  expect(timer.fired).toBe(true);
});

test('a long writeAll to what takes everything lets timers fire', async () => {
  using zero = open('/dev/null', 'w');
  let turns = 0;
  const timer = setInterval(() => turns++, 0);
  const bytes = Buffer.alloc(1 << 20);
  for (let round = 0; round < 200; round++) await zero.writeAll(bytes);
  clearInterval(timer);
  expect(turns).toBeGreaterThan(0);
});

test('a regular file is read and written in order, at its position', async () => {
  using directory = temporaryDirectory();
  using fd = open(join(directory.path, 'f'), 'w+');
  const content = Buffer.alloc(1_000_000, 'abcdefg');
  await Promise.all([fd.writeAll(content.subarray(0, 500_000)), fd.writeAll(content.subarray(500_000))]);
  expect(readFileSync(join(directory.path, 'f'))).toEqual(content);
  using reader = open(join(directory.path, 'f'));
  const chunks: Buffer[] = [];
  for await (const chunk of reader.chunks({ sizeBytes: 300_000 })) chunks.push(chunk);
  expect(Math.max(...chunks.map(({ length }) => length))).toBe(256 * 1024);
  expect(Buffer.concat(chunks)).toEqual(content);
});

test('a directory is EISDIR, a read-only file EBADF for writing, a full disk ENOSPC', async () => {
  using directory = open('/', constants.O_RDONLY | constants.O_DIRECTORY);
  await expect(directory.read(Buffer.alloc(1))).rejects.toMatchObject({ code: 'EISDIR' });
  using file = open(new URL(import.meta.url));
  await expect(file.write('x')).rejects.toMatchObject({ code: 'EBADF', syscall: 'write' });
  using full = open('/dev/full', 'w');
  await expect(full.writeAll('x')).rejects.toMatchObject({ code: 'ENOSPC' });
});

test('chunks keep their bytes, and leaving the loop leaves the descriptor open', async () => {
  using both = testPipe();
  const kept: Buffer[] = [];
  await both.writeEnd.writeAll('one');
  for await (const chunk of both.readEnd) {
    kept.push(chunk);
    if (kept.length === 2) break;
    await both.writeEnd.writeAll('two');
  }
  expect(kept.map(String)).toEqual(['one', 'two']);
  await both.writeEnd.writeAll('three');
  const bytes = Buffer.alloc(10);
  expect(text(bytes, await both.readEnd.read(bytes))).toBe('three');
});

test('chunks end with the signal', async () => {
  using both = testPipe();
  const controller = new AbortController();
  const reading = both.readEnd.chunks({ signal: controller.signal }).next();
  controller.abort();
  await expect(reading).rejects.toMatchObject({ name: 'AbortError' });
});

test('text is written in its encoding, by bytes', async () => {
  using both = testPipe();
  expect(await both.writeEnd.write('ü€')).toBe(5);
  await both.writeEnd.writeAll('6869', { encoding: 'hex' });
  const bytes = Buffer.alloc(10);
  expect(text(bytes, await both.readEnd.read(bytes))).toBe('ü€hi');
});

test('nothing to write is 0, and a listener does not stay on the signal', async () => {
  using both = testPipe();
  const { signal } = new AbortController();
  expect(await both.writeEnd.write('', { signal })).toBe(0);
  expect(await both.writeEnd.write('x', { signal })).toBe(1);
  expect(await both.readEnd.read(Buffer.alloc(1), { signal })).toBe(1);
  await expect(both.readEnd.read(Buffer.alloc(1), { signal, timeoutMs: 1 })).rejects.toMatchObject({
    code: 'ETIMEDOUT',
  });
  expect(getEventListeners(signal, 'abort')).toEqual([]);
});

test('a blocked event loop does not turn bytes that came in time into a timeout', async () => {
  using both = testPipe();
  const bytes = Buffer.alloc(1);
  const reading = both.readEnd.read(bytes, { timeoutMs: 20 });
  // The watch must be in the loop before the loop is blocked.
  await new Promise(setImmediate);
  writeSync(both.writeEnd.number, 'x');
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 60);
  expect(await reading).toBe(1);
});

test('a timeout longer than a timer of Node can be does not fire at once', async () => {
  using both = testPipe();
  const warnings: Error[] = [];
  const onWarning = (warning: Error): void => void warnings.push(warning);
  process.on('warning', onWarning);
  const reading = both.readEnd.read(Buffer.alloc(1), { timeoutMs: 2 ** 40 });
  await new Promise((resolve) => setTimeout(resolve, 20));
  writeSync(both.writeEnd.number, 'x');
  expect(await reading).toBe(1);
  process.off('warning', onWarning);
  // TimeoutOverflowWarning: Node would have fired every millisecond.
  expect(warnings).toEqual([]);
});

test('readFd and writeFd work on borrowed numbers, which may be recycled meanwhile', async () => {
  const before = openFds();
  const both = testPipe();
  const number = both.readEnd.release();
  const bytes = Buffer.alloc(10);
  const reading = readFd(number, bytes);
  Fd.adopt(number).close();
  using stranger = open('/dev/zero');
  expect(await writeFd(both.writeEnd.number, 'hello')).toBe(5);
  expect(text(bytes, await reading)).toBe('hello');
  expect(stranger.isClosed).toBe(false);
  stranger.close();
  await expect(readFd(number, bytes)).rejects.toMatchObject({ code: 'EBADF' });
  both[Symbol.dispose]();
  expectNoNewFds(before);
});

test('readFd and writeFd hand an Fd to its own queue', async () => {
  using both = testPipe();
  const bytes = Buffer.alloc(10);
  const reading = readFd(both.readEnd, bytes);
  await writeFd(both.writeEnd, 'hi');
  expect(text(bytes, await reading)).toBe('hi');
  both.readEnd.close();
  await expect(readFd(both.readEnd, bytes)).rejects.toMatchObject({ code: 'EBADF' });
});

test.each([true, false])('a socket reads and writes both ways, nonblocking %s', async (nonblocking) => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const accepted = once(server, 'connection');
  const client = connect((server.address() as { port: number }).port, '127.0.0.1').pause();
  const [peer] = (await accepted) as [Socket];
  const handle = (client as unknown as { _handle: { fd: number } })._handle;
  await eventually(() => handle.fd >= 0);
  {
    using fd = duplicate(handle.fd);
    setNonblocking(fd, nonblocking);
    const bytes = Buffer.alloc(10);
    const reading = fd.read(bytes);
    await fd.writeAll('ping');
    const [data] = (await once(peer, 'data')) as [Buffer];
    expect(String(data)).toBe('ping');
    peer.end('pong');
    expect(text(bytes, await reading)).toBe('pong');
    expect(await fd.read(bytes)).toBe(0);
    setNonblocking(fd, true);
  }
  client.destroy();
  peer.destroy();
  server.close();
  await once(server, 'close');
});

test('a watch is made at the first wait only, and goes with the Fd', async () => {
  using both = testPipe();
  const before = openFds().size;
  await both.writeEnd.writeAll('x');
  await both.readEnd.read(Buffer.alloc(1));
  expect(openFds().size).toBe(before);
  await both.readEnd.read(Buffer.alloc(1), { timeoutMs: 1 }).catch(() => {});
  both.readEnd.close();
  expect(openFds().size).toBe(before - 1);
  expect(isOpen(both.writeEnd)).toBe(true);
});

test('NONBLOCK of /proc is the one of the kernel', () => {
  using both = testPipe({ nonblocking: true });
  expect(fdinfoFlags(both.readEnd.number) & NONBLOCK).toBe(constants.O_NONBLOCK);
});
