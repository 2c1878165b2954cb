import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { finished, pipeline } from 'node:stream/promises';

import { createAtomicWriteStream } from '@osx/atomics';
import { expectNoNewFds, mountTmpfs, needs, openFds, temporaryDirectory } from '@osx/test-support';
import { expect, test } from 'vitest';

function* blocks(count: number): Generator<Buffer> {
  for (let index = 0; index < count; index++) yield Buffer.alloc(100_000, index);
}

test('nothing appears until it has all been written', async () => {
  using directory = temporaryDirectory();
  const path = join(directory.path, 'file');
  const before = openFds();
  const stream = createAtomicWriteStream(path);
  await new Promise((resolve) => stream.write('first ', resolve));
  expect(existsSync(path)).toBe(false);
  expect(stream.state).toBe('open');
  stream.end('second');
  await finished(stream);
  expect(readFileSync(path, 'utf8')).toBe('first second');
  expect(stream).toMatchObject({ state: 'committed', bytesWritten: 12, path });
  expect(readdirSync(directory.path)).toEqual(['file']);
  expectNoNewFds(before);
});

test('much data, with back-pressure', async () => {
  using directory = temporaryDirectory();
  const path = join(directory.path, 'file');
  const stream = createAtomicWriteStream(path, { durability: 'none' });
  expect(stream.write(Buffer.alloc(100_000))).toBe(false);
  await pipeline(Readable.from(blocks(300)), stream);
  expect(statSync(path).size).toBe(30_100_000);
  const content = readFileSync(path);
  expect(content[100_000 + 299 * 100_000]).toBe(299 & 255);
});

test('an empty stream is an empty file; every kind of chunk is taken', async () => {
  using directory = temporaryDirectory();
  const path = join(directory.path, 'file');
  await finished(createAtomicWriteStream(path).end());
  expect(statSync(path).size).toBe(0);
  const stream = createAtomicWriteStream(path, { encoding: 'hex' });
  stream.cork();
  stream.write('c3bc');
  stream.write(new Uint8Array([65]));
  stream.write('Z', 'utf8');
  stream.uncork();
  await finished(stream.end());
  expect(readFileSync(path, 'utf8')).toBe('üAZ');
});

test.each([
  [
    'destroyed',
    (stream: ReturnType<typeof createAtomicWriteStream>) => void stream.destroy(),
    'ERR_STREAM_PREMATURE_CLOSE',
  ],
  [
    'destroyed with an error',
    (stream: ReturnType<typeof createAtomicWriteStream>) =>
      void stream.destroy(Object.assign(new Error('mine'), { code: 'MINE' })),
    'MINE',
  ],
])('%s: the old file stays, the temporary goes', async (_name, destroy, code) => {
  using directory = temporaryDirectory();
  const path = join(directory.path, 'file');
  writeFileSync(path, 'old');
  const before = openFds();
  const stream = createAtomicWriteStream(path);
  stream.write(Buffer.alloc(200_000));
  destroy(stream);
  await expect(finished(stream)).rejects.toMatchObject({ code });
  await new Promise((resolve) => (stream.closed ? resolve(undefined) : stream.once('close', resolve)));
  expect(stream.state).toBe('aborted');
  expect(readFileSync(path, 'utf8')).toBe('old');
  expect(readdirSync(directory.path)).toEqual(['file']);
  expectNoNewFds(before);
});

test('a source that fails: its error, and nothing left', async () => {
  using directory = temporaryDirectory();
  const path = join(directory.path, 'file');
  const failing = Readable.from(
    (function* () {
      yield Buffer.alloc(10_000);
      throw new Error('the source broke');
    })(),
  );
  await expect(pipeline(failing, createAtomicWriteStream(path))).rejects.toThrow('the source broke');
  expect(readdirSync(directory.path)).toEqual([]);
});

test('an abort is the reason, before and during', async () => {
  using directory = temporaryDirectory();
  const path = join(directory.path, 'file');
  const reason = new Error('enough');
  const early = createAtomicWriteStream(path, { signal: AbortSignal.abort(reason) });
  await expect(finished(early)).rejects.toBe(reason);
  const controller = new AbortController();
  const stream = createAtomicWriteStream(path, { signal: controller.signal });
  await new Promise((resolve) => stream.write('x', resolve));
  controller.abort(reason);
  await expect(finished(stream)).rejects.toBe(reason);
  await new Promise((resolve) => (stream.closed ? resolve(undefined) : stream.once('close', resolve)));
  expect(readdirSync(directory.path)).toEqual([]);
});

test('errors of the start and of the end are the stream error', async () => {
  using directory = temporaryDirectory();
  await expect(finished(createAtomicWriteStream('/nowhere/at/all'))).rejects.toMatchObject({
    code: 'ENOENT',
    path: '/nowhere/at/all',
  });
  const path = join(directory.path, 'file');
  const stream = createAtomicWriteStream(path, { exclusive: true });
  await new Promise((resolve) => stream.write('x', resolve));
  writeFileSync(path, 'faster');
  stream.end();
  await expect(finished(stream)).rejects.toMatchObject({ code: 'EEXIST', path });
  await new Promise((resolve) => (stream.closed ? resolve(undefined) : stream.once('close', resolve)));
  expect(readFileSync(path, 'utf8')).toBe('faster');
  expect(readdirSync(directory.path)).toEqual(['file']);
});

needs('mount').test('a full disk is ENOSPC, and the space comes back', async () => {
  using mount = mountTmpfs({ sizeBytes: 1_500_000 });
  const path = join(mount.path, 'file');
  writeFileSync(path, 'old');
  const stream = createAtomicWriteStream(path);
  await expect(pipeline(Readable.from(blocks(30)), stream)).rejects.toMatchObject({ code: 'ENOSPC', path });
  expect(readFileSync(path, 'utf8')).toBe('old');
  expect(readdirSync(mount.path)).toEqual(['file']);
});
