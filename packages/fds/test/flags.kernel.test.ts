import { constants } from 'node:fs';
import { join } from 'node:path';

import { temporaryDirectory } from '@osx/test-support';
import { expect, test } from 'vitest';

import {
  getFdFlags,
  getStatusFlags,
  isCloseOnExec,
  isNonblocking,
  open,
  pipe,
  setCloseOnExec,
  setFdFlags,
  setNonblocking,
  setStatusFlags,
} from '@osx/fds';
import { CLOEXEC, fdinfoFlags, NONBLOCK } from './fdinfo-flags.ts';

const { O_ACCMODE, O_APPEND, O_RDWR } = { ...constants, O_ACCMODE: 3 };
const EBADF = expect.objectContaining({ code: 'EBADF', syscall: 'fcntl' });

test('status flags are those of /proc', () => {
  using directory = temporaryDirectory();
  using fd = open(join(directory.path, 'f'), 'a+');
  expect(getStatusFlags(fd)).toBe(fdinfoFlags(fd.number) & ~CLOEXEC);
  expect(getStatusFlags(fd) & O_ACCMODE).toBe(O_RDWR);
  expect(getStatusFlags(fd) & O_APPEND).toBe(O_APPEND);
});

test('setStatusFlags sets them, and the kernel leaves the access mode', () => {
  using directory = temporaryDirectory();
  using fd = open(join(directory.path, 'f'), 'w+');
  setStatusFlags(fd, O_APPEND | constants.O_WRONLY);
  expect(fdinfoFlags(fd.number) & O_APPEND).toBe(O_APPEND);
  expect(fdinfoFlags(fd.number) & O_ACCMODE).toBe(O_RDWR);
  setStatusFlags(fd.number, 0);
  expect(fdinfoFlags(fd.number) & O_APPEND).toBe(0);
});

test('setNonblocking changes that one flag', () => {
  using directory = temporaryDirectory();
  using fd = open(join(directory.path, 'f'), 'a');
  const before = fdinfoFlags(fd.number);
  setNonblocking(fd, true);
  expect(fdinfoFlags(fd.number)).toBe(before | NONBLOCK);
  expect(isNonblocking(fd)).toBe(true);
  setNonblocking(fd, true);
  setNonblocking(fd, false);
  expect(fdinfoFlags(fd.number)).toBe(before);
  expect(isNonblocking(fd)).toBe(false);
});

test('setCloseOnExec and setFdFlags change the descriptor', () => {
  using fd = open('/dev/null');
  expect(isCloseOnExec(fd)).toBe(true);
  setCloseOnExec(fd, false);
  expect(fdinfoFlags(fd.number) & CLOEXEC).toBe(0);
  expect(getFdFlags(fd)).toBe(0);
  setCloseOnExec(fd, true);
  expect(fdinfoFlags(fd.number) & CLOEXEC).toBe(CLOEXEC);
  expect(getFdFlags(fd)).toBe(1);
  setFdFlags(fd, 0);
  expect(isCloseOnExec(fd.number)).toBe(false);
});

test('status flags belong to the description, close-on-exec to the descriptor', () => {
  using fd = open('/dev/null');
  using copy = fd.duplicate({ closeOnExec: false });
  expect(isCloseOnExec(copy)).toBe(false);
  expect(isCloseOnExec(fd)).toBe(true);
  setNonblocking(copy, true);
  expect(isNonblocking(fd)).toBe(true);
  setCloseOnExec(fd, false);
  setCloseOnExec(copy, true);
  expect(isCloseOnExec(fd)).toBe(false);
});

test('everything we make is close-on-exec; modes are as asked', () => {
  using file = open('/dev/null', 'r+', { nonblocking: true });
  const plain = pipe();
  const nonblocking = pipe({ nonblocking: true });
  using copy = file.duplicate();
  const all = [file, plain.readEnd, plain.writeEnd, nonblocking.readEnd, nonblocking.writeEnd, copy];
  expect(all.map((fd) => fdinfoFlags(fd.number) & CLOEXEC)).toEqual(all.map(() => CLOEXEC));
  expect(all.map((fd) => isNonblocking(fd))).toEqual([true, false, false, true, true, true]);
  for (const fd of all) fd.close();
});

test.each([getFdFlags, getStatusFlags, isCloseOnExec, isNonblocking])('%o of a closed number is EBADF', (get) => {
  expect(() => get(2 ** 30)).toThrow(EBADF);
});

test.each([
  () => setFdFlags(2 ** 30, 0),
  () => setStatusFlags(2 ** 30, 0),
  () => setNonblocking(2 ** 30, true),
  () => setCloseOnExec(2 ** 30, true),
])('setting flags of a closed number is EBADF (%#)', (set) => {
  expect(set).toThrow(EBADF);
});
