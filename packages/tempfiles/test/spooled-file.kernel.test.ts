import { spawnSync } from 'node:child_process';
import { fstatSync, readFileSync, readdirSync, readlinkSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';

import { expectNoNewFds, mountTmpfs, needs, openFds, temporaryDirectory } from '@osx/test-support';
import { openSpooledFile } from '@osx/tempfiles';
import { describe, expect } from 'vitest';

const { test } = needs('linux');

test('memory, then a memfd, then a file without a name on disk; nothing is left', async () => {
  using directory = temporaryDirectory();
  const before = openFds();
  const file = openSpooledFile({ maxMemoryBytes: 10, maxMemfdBytes: 100, directory: directory.path });
  expect([file.stage, file.fd, file.sizeBytes]).toEqual(['memory', null, 0]);
  await file.write('0123456789');
  expect([file.stage, file.fd, file.sizeBytes]).toEqual(['memory', null, 10]);
  await file.write('a');
  expect([file.stage, file.sizeBytes]).toEqual(['memfd', 11]);
  expect(readlinkSync(`/proc/self/fd/${file.fd}`)).toContain('/memfd:osx-spooled');
  await file.write('b'.repeat(100));
  expect([file.stage, file.sizeBytes]).toEqual(['disk', 111]);
  expect(fstatSync(file.fd as number)).toMatchObject({ nlink: 0, mode: 0o100600 });
  expect(readdirSync(directory.path)).toEqual([]);
  expect((await file.read()).toString()).toBe(`0123456789a${'b'.repeat(100)}`);
  await file.truncate(3);
  expect([file.stage, (await file.read()).toString()]).toEqual(['disk', '012']);
  await file.close();
  await file.close();
  expect(file.fd).toBeNull();
  await expect(file.write('x')).rejects.toMatchObject({ code: 'EBADF' });
  await expect(file.read()).rejects.toMatchObject({ code: 'EBADF' });
  expectNoNewFds(before);
});

describe.each([
  ['memory', {}],
  ['memfd', { maxMemoryBytes: 0 }],
  ['disk', { maxMemoryBytes: 0, maxMemfdBytes: 0 }],
] as const)('in %s', (stage, options) => {
  test('positions, holes, cuts and parts', async () => {
    await using file = openSpooledFile(options);
    await file.write('hello');
    await file.write('J', { position: 0 });
    await file.write('end', { position: 8 });
    expect(file.stage).toBe(stage);
    expect((await file.read()).toString()).toBe('Jello\0\0\0end');
    await file.truncate(2);
    await file.truncate(4);
    expect((await file.read()).toString()).toBe('Je\0\0');
    expect((await file.read({ position: 1, sizeBytes: 1 })).toString()).toBe('e');
    expect(await file.read({ position: 9 })).toHaveLength(0);
    await file.write('', { position: 100 });
    expect(file.sizeBytes).toBe(4);
    await file.write('6869', { encoding: 'hex' });
    expect((await file.read({ position: 4 })).toString()).toBe('hi');
  });

  test('calls are served in their order', async () => {
    await using file = openSpooledFile(options);
    await Promise.all([
      file.write('a'),
      file.write(Buffer.from('b')),
      file.write(new Uint8Array([99])),
      file.truncate(2),
      file.write('d'),
    ]);
    expect((await file.read()).toString()).toBe('abd');
  });

  test('streams, both ways', async () => {
    const data = Buffer.alloc(300_000, 'some text ');
    await using file = openSpooledFile(options);
    await pipeline([data.subarray(0, 100_000), data.subarray(100_000)], file.toWritable());
    const chunks: Buffer[] = [];
    for await (const chunk of file.toReadable()) chunks.push(chunk as Buffer);
    expect(Buffer.concat(chunks).equals(data)).toBe(true);
  });

  test('saved to a name', async () => {
    using directory = temporaryDirectory();
    const target = join(directory.path, 'target');
    await using file = openSpooledFile(options);
    const data = Buffer.alloc(3_000_001, 'abc');
    await file.write(data);
    await file.saveTo(target, { mode: 0o644 });
    expect(readFileSync(target).equals(data)).toBe(true);
    expect(statSync(target).mode & 0o7777).toBe(0o644);
    await expect(file.saveTo(target)).rejects.toMatchObject({ code: 'EEXIST' });
    await file.truncate(1);
    await file.saveTo(target, { replace: true, durability: 'none' });
    expect(readFileSync(target, 'utf8')).toBe('a');
    expect(readdirSync(directory.path)).toEqual(['target']);
  });

  test('as a descriptor, for a child', async () => {
    await using file = openSpooledFile(options);
    await file.write('for the child');
    const fd = await file.toFd();
    expect(spawnSync('cat', { stdio: [fd, 'pipe', 'inherit'] }).stdout.toString()).toBe('for the child');
    expect((await file.read()).toString()).toBe('for the child');
  });
});

test('wrong arguments, and an abort, change nothing', async () => {
  await using file = openSpooledFile();
  await file.write('x');
  const reason = new Error('enough');
  await expect(file.write('y', { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  await expect(file.write(7 as never)).rejects.toMatchObject({ code: 'ERR_INVALID_ARG_TYPE' });
  await expect(file.write('y', { position: -1 })).rejects.toMatchObject({ code: 'ERR_OUT_OF_RANGE' });
  await expect(file.write('y', { encoding: 'no' as never })).rejects.toMatchObject({ code: 'ERR_INVALID_ARG_VALUE' });
  await expect(file.read({ sizeBytes: 0.5 })).rejects.toMatchObject({ code: 'ERR_OUT_OF_RANGE' });
  await expect(file.truncate(-1)).rejects.toMatchObject({ code: 'ERR_OUT_OF_RANGE' });
  expect((await file.read()).toString()).toBe('x');
});

test('a memfd has its content kept from execution, where the kernel can', async () => {
  await using file = openSpooledFile({ maxMemoryBytes: 0 });
  await file.write('#!/bin/sh\n');
  expect(fstatSync(file.fd as number).mode & 0o111).toBe(needsNoexec() ? 0 : 0o111);
});

function needsNoexec(): boolean {
  const [major = 0, minor = 0] = readFileSync('/proc/sys/kernel/osrelease', 'latin1').split('.').map(Number);
  return major > 6 || (major === 6 && minor >= 3);
}

test('a directory that is missing is an error when the file gets there, and nothing is lost', async () => {
  await using file = openSpooledFile({ maxMemoryBytes: 5, maxMemfdBytes: 8, directory: '/missing-for-sure' });
  await file.write('12345');
  await file.write('678');
  await expect(file.write('9')).rejects.toMatchObject({ code: 'ENOENT', path: '/missing-for-sure' });
  expect([file.stage, (await file.read()).toString()]).toEqual(['memfd', '12345678']);
});

needs('linux', 'mount').describe('a full disk', () => {
  test('rejects, and what was there is still there', async () => {
    using disk = mountTmpfs({ sizeBytes: 1_500_000 });
    const before = openFds();
    {
      await using file = openSpooledFile({ maxMemoryBytes: 10, maxMemfdBytes: 20, directory: disk.path });
      await file.write('x'.repeat(15));
      await expect(file.write(Buffer.alloc(2 << 20))).rejects.toMatchObject({ code: 'ENOSPC' });
      expect(file.sizeBytes).toBe(15);
      expect((await file.read()).toString()).toBe('x'.repeat(15));
      await file.write(Buffer.alloc(1 << 20));
      expect(file.sizeBytes).toBe(15 + (1 << 20));
      await expect(file.saveTo(join(disk.path, 'copy'))).rejects.toMatchObject({ code: 'ENOSPC' });
      expect(readdirSync(disk.path)).toEqual([]);
    }
    writeFileSync(join(disk.path, 'all of it'), Buffer.alloc(1 << 20));
    expectNoNewFds(before);
  });
});
