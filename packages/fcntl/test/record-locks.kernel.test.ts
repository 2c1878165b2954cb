import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { setRecordLock, testRecordLock } from '@osx/fcntl';
import type { RecordLock } from '@osx/fcntl';
import { open } from '@osx/fds';
import { needs, temporaryDirectory } from '@osx/test-support';

import { python } from './fixtures/python.ts';

let directory: ReturnType<typeof temporaryDirectory>;
let path: string;
let open_: number[] = [];

beforeEach(() => {
  directory = temporaryDirectory('record');
  path = join(directory.path, 'file');
  writeFileSync(path, 'x'.repeat(100));
});
afterEach(() => {
  for (const fd of open_) closeSync(fd);
  open_ = [];
  directory[Symbol.dispose]();
});

function openFile(flags = 'r+'): number {
  const fd = openSync(path, flags);
  open_.push(fd);
  return fd;
}

const set = (fd: number, lock: RecordLock, kind: 'ofd' | 'posix' = 'ofd') => setRecordLock(fd, lock, { kind });
const ask = (fd: number, lock: RecordLock, kind: 'ofd' | 'posix' = 'ofd') => testRecordLock(fd, lock, { kind });

describe('OFD locks', () => {
  test('exclude another description of the same process, and are found', () => {
    const [a, b] = [openFile(), openFile()];
    set(a, { type: 'write', start: 10, length: 5 });
    expect(() => set(b, { type: 'read', start: 14, length: 1 })).toThrow(
      expect.objectContaining({ code: 'EAGAIN', syscall: 'fcntl' }),
    );
    expect(ask(b, { type: 'read' })).toEqual({ type: 'write', whence: 'start', start: 10, length: 5, pid: -1 });
    set(b, { type: 'write', start: 15 });
    expect(ask(a, { type: 'write', start: 0, length: 10 })).toBe(null);
  });

  test('many readers, no writer beside them', () => {
    const [a, b, c] = [openFile(), openFile('r'), openFile()];
    set(a, { type: 'read' });
    set(b, { type: 'read' });
    expect(() => set(c, { type: 'write', start: 5, length: 1 })).toThrow(expect.objectContaining({ code: 'EAGAIN' }));
    set(a, { type: 'unlock' });
    closeSync(open_.splice(open_.indexOf(b), 1)[0] as number);
    set(c, { type: 'write', start: 5, length: 1 });
  });

  test('l_pid must be 0', () => {
    const fd = openFile();
    expect(() => set(fd, { type: 'read', pid: 1 })).toThrow(expect.objectContaining({ code: 'EINVAL' }));
    expect(() => set(fd, { type: 'read', pid: 0 })).not.toThrow();
  });

  test('belong to all duplicates of a descriptor', () => {
    const [a, b] = [open(path, 'r+'), openFile()];
    const copy = a.duplicate();
    set(a.number, { type: 'write' });
    a.close();
    expect(ask(b, { type: 'read' })).not.toBe(null);
    copy.close();
    expect(ask(b, { type: 'read' })).toBe(null);
  });

  test('survive other descriptors of the file being closed, and fs.readFile', () => {
    const [a, b] = [openFile(), openFile()];
    set(a, { type: 'write' });
    closeSync(openSync(path, 'r'));
    readFileSync(path);
    expect(ask(b, { type: 'read' })).not.toBe(null);
  });
});

describe.each(['ofd', 'posix'] as const)('%s locks', (kind) => {
  test('a write lock needs a descriptor open for writing, a read lock one for reading: EBADF', () => {
    expect(() => set(openFile('r'), { type: 'write' }, kind)).toThrow(expect.objectContaining({ code: 'EBADF' }));
    expect(() => set(openFile('a'), { type: 'read' }, kind)).toThrow(expect.objectContaining({ code: 'EBADF' }));
    expect(() => set(openFile('r'), { type: 'read' }, kind)).not.toThrow();
  });

  needs('python3').test('ranges: split by an unlock in the middle, merged when adjacent', async () => {
    const fd = openFile();
    await using other = await python(askProgram, path);
    const held = async () => {
      other.send('ask');
      return JSON.parse(await other.nextLine()) as number[][];
    };
    set(fd, { type: 'write', start: 0, length: 30 }, kind);
    set(fd, { type: 'unlock', start: 10, length: 10 }, kind);
    expect(await held()).toEqual([
      [0, 9],
      [20, 29],
    ]);
    set(fd, { type: 'write', start: 10, length: 10 }, kind);
    expect(await held()).toEqual([[0, 29]]);
    set(fd, { type: 'read', start: 5, length: 1 }, kind);
    expect(await held()).toEqual([
      [0, 4],
      [5, 5],
      [6, 29],
    ]);
    set(fd, { type: 'unlock' }, kind);
    expect(await held()).toEqual([]);
  });

  needs('python3').test('negative length, other starting points, and 0 as everything that follows', async () => {
    const fd = openFile();
    await using other = await python(askProgram, path);
    const held = async (lock: RecordLock) => {
      set(fd, lock, kind);
      other.send('ask');
      const ranges = JSON.parse(await other.nextLine()) as (number | string)[][];
      set(fd, { type: 'unlock' }, kind);
      return ranges;
    };
    expect(await held({ type: 'write', start: 20, length: -5 })).toEqual([[15, 19]]);
    expect(await held({ type: 'write', whence: 'end', start: -10, length: 4 })).toEqual([[90, 93]]);
    expect(await held({ type: 'write', whence: 'current', start: 3, length: 1 })).toEqual([[3, 3]]);
    expect(await held({ type: 'write', start: 1_000 })).toEqual([[1_000, 'EOF']]);
    expect(() => set(fd, { type: 'write', whence: 'end', start: -101 }, kind)).toThrow(
      expect.objectContaining({ code: 'EINVAL' }),
    );
    expect(() => set(fd, { type: 'write', whence: 'end', start: 2n ** 63n - 1n }, kind)).toThrow(
      expect.objectContaining({ code: 'EOVERFLOW' }),
    );
  });
});

/** Prints the ranges locked by anybody, as /proc/locks has them for the file's inode. */
const askProgram = `
import json, os, sys
ino = os.stat(sys.argv[1]).st_ino
print('ready')
for _ in sys.stdin:
    found = []
    for line in open('/proc/locks'):
        words = line.split()
        if words[5].split(':')[2] == str(ino):
            found.append([int(words[6]), words[7] if words[7] == 'EOF' else int(words[7])])
    print(json.dumps(sorted(found)))
`;

describe('POSIX locks: the hazards', () => {
  test('the process does not exclude itself', () => {
    const [a, b] = [openFile(), openFile()];
    set(a, { type: 'write' }, 'posix');
    expect(() => set(b, { type: 'write' }, 'posix')).not.toThrow();
    expect(ask(b, { type: 'write' }, 'posix')).toBe(null);
  });

  test('but it and an OFD lock of the same process exclude each other', () => {
    const [a, b] = [openFile(), openFile()];
    set(a, { type: 'write' }, 'posix');
    expect(() => set(b, { type: 'write' })).toThrow(expect.objectContaining({ code: 'EAGAIN' }));
    expect(ask(b, { type: 'write' })).toMatchObject({ type: 'write', pid: process.pid });
  });

  test.each([
    ['closing another descriptor of the file', () => closeSync(openSync(path, 'r'))],
    ['fs.readFile', () => void readFileSync(path)],
  ])('dropped by %s', (_, act) => {
    const [a, b] = [openFile(), openFile()];
    set(a, { type: 'write' }, 'posix');
    expect(ask(b, { type: 'write' })).not.toBe(null);
    act();
    expect(ask(b, { type: 'write' })).toBe(null);
  });
});
