import { closeSync, existsSync, mkdirSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { expect, test } from 'vitest';
import { eventually, expectNoNewFds, openFds, temporaryDirectory, threadCount } from '@osx/test-support';

test('an open descriptor is listed, and named as a leak', () => {
  const before = openFds();
  const fd = openSync('/dev/null', 'r');
  try {
    expect(openFds().get(fd)).toBe('/dev/null');
    expect(() => expectNoNewFds(before)).toThrow(`leaked descriptors: ${fd} -> /dev/null`);
  } finally {
    closeSync(fd);
  }
  expectNoNewFds(before);
});

test('a number that is open on something else now is a leak', () => {
  const first = openSync('/dev/null', 'r');
  const before = openFds();
  closeSync(first);
  const second = openSync('/dev/zero', 'r');
  try {
    expect(second).toBe(first);
    expect(() => expectNoNewFds(before)).toThrow(`${second} -> /dev/zero`);
  } finally {
    closeSync(second);
  }
});

test('a thread more is counted, here and in another process', async () => {
  const before = threadCount();
  const worker = new Worker('setInterval(() => {}, 1000)', { eval: true });
  await eventually(() => threadCount() > before);
  await worker.terminate();
  await eventually(() => threadCount() === before);
  expect(threadCount(process.pid)).toBe(before);
});

test('a temporary directory is gone with its content after its disposal', () => {
  let path;
  {
    using directory = temporaryDirectory('osx-own');
    path = directory.path;
    mkdirSync(join(path, 'a/b'), { recursive: true });
    writeFileSync(join(path, 'a/b/c'), '');
  }
  expect(existsSync(path)).toBe(false);
});
