import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { createHash } from 'node:crypto';

import { expectNoNewFds, openFds, temporaryDirectory, threadCount } from '@osx/test-support';
import { expect, test } from 'vitest';

import { isOpen, open, pipe } from '@osx/fds';

test('a pipe as a Node stream: data, the end, and the descriptor closed', async () => {
  const before = openFds();
  const { readEnd, writeEnd } = pipe();
  const { number } = readEnd;
  const readable = readEnd.toReadable();
  expect(readEnd.isClosed).toBe(true);
  expect(() => readEnd.number).toThrow(/it was released/);
  readEnd.close();
  expect(isOpen(number)).toBe(true);
  const writable = writeEnd.toWritable();
  writable.write('one ');
  writable.write('two ');
  writable.end('three');
  expect(await text(readable)).toBe('one two three');
  expect(readable.destroyed).toBe(true);
  if (!writable.closed) await once(writable, 'close');
  expectNoNewFds(before);
});

test('10 MB through a child and two streams, whole', async () => {
  const before = openFds();
  const input = pipe();
  const output = pipe();
  const child = spawn('cat', { stdio: [input.readEnd.toStdio(), output.writeEnd.toStdio(), 'inherit'] });
  input.readEnd.close();
  output.writeEnd.close();
  const sent = Buffer.alloc(10_000_000, 'a stream of bytes ');
  const hash = createHash('sha256');
  const reading = pipeline(output.readEnd.toReadable(), hash);
  const writable = input.writeEnd.toWritable();
  for (let offset = 0; offset < sent.length; offset += 100_000) {
    if (!writable.write(sent.subarray(offset, offset + 100_000))) await once(writable, 'drain');
  }
  writable.end();
  await reading;
  expect(hash.digest('hex')).toBe(createHash('sha256').update(sent).digest('hex'));
  if (child.exitCode === null) await once(child, 'close');
  expectNoNewFds(before);
});

test('destroy() while a read waits closes the descriptor and raises no error', async () => {
  const before = openFds();
  const { readEnd, writeEnd } = pipe();
  const readable = readEnd.toReadable();
  const errors: unknown[] = [];
  readable.on('error', (error) => errors.push(error)).resume();
  await new Promise(setImmediate);
  readable.destroy();
  await once(readable, 'close');
  expect(errors).toEqual([]);
  await expect(writeEnd.write('x')).rejects.toMatchObject({ code: 'EPIPE' });
  writeEnd.close();
  expectNoNewFds(before);
});

test('a broken pipe is an error of the stream', async () => {
  const { readEnd, writeEnd } = pipe();
  const writable = writeEnd.toWritable();
  readEnd.close();
  writable.write('x');
  const [error] = await once(writable, 'error');
  expect(error).toMatchObject({ code: 'EPIPE', syscall: 'write' });
  expect(writable.destroyed).toBe(true);
});

test('100 waiting streams take no pool thread', async () => {
  await readFile('/etc/hostname');
  const threads = threadCount();
  const pipes = Array.from({ length: 100 }, () => pipe());
  const texts = pipes.map(({ readEnd }) => text(readEnd.toReadable()));
  await new Promise(setImmediate);
  expect(await readFile('/proc/self/comm', 'utf8')).not.toBe('');
  expect(threadCount()).toBe(threads);
  for (const { writeEnd } of pipes) {
    await writeEnd.writeAll('x');
    writeEnd.close();
  }
  expect(await Promise.all(texts)).toEqual(Array(100).fill('x'));
});

test('a file becomes a stream from its position on, and is closed at the end', async () => {
  using directory = temporaryDirectory();
  const before = openFds();
  const path = join(directory.path, 'f');
  writeFileSync(path, 'skipped content');
  const fd = open(path);
  await fd.read(Buffer.alloc(8));
  const { number } = fd;
  const readable = fd.toReadable();
  expect(fd.isClosed).toBe(true);
  expect(await text(readable)).toBe('content');
  expect(isOpen(number)).toBe(false);
  const writable = open(join(directory.path, 'g'), 'w').toWritable();
  await new Promise<void>((resolve, reject) => {
    writable.on('error', reject).on('close', resolve).end('written');
  });
  expect(readFileSync(join(directory.path, 'g'), 'utf8')).toBe('written');
  expectNoNewFds(before);
});

test('a duplicate of native origin streams a file too, and is closed as such', async () => {
  using fd = open(new URL(import.meta.url));
  const copy = fd.duplicate();
  const { number } = copy;
  expect(await text(copy.toReadable({ highWaterMark: 100 }))).toContain('closed as such');
  expect(isOpen(number)).toBe(false);
});

test('wrong options throw before the ownership moves', () => {
  const { readEnd, writeEnd } = pipe();
  expect(() => readEnd.toReadable({ highWaterMark: 0 })).toThrow(expect.objectContaining({ code: 'ERR_OUT_OF_RANGE' }));
  expect(() => writeEnd.toWritable({ highWaterMark: '1' as never })).toThrow(
    expect.objectContaining({ code: 'ERR_INVALID_ARG_TYPE' }),
  );
  expect([readEnd.isClosed, writeEnd.isClosed]).toEqual([false, false]);
  readEnd.close();
  writeEnd.close();
});
