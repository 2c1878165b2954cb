import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, constants, openSync } from 'node:fs';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import {
  duplicateFd,
  fcntl,
  getFdFlags,
  getPipeSize,
  getStatusFlags,
  setCloseOnExec,
  setFdFlags,
  setNonblocking,
  setPipeSize,
  setStatusFlags,
} from '@osx/fcntl';
import { pipe } from '@osx/fds';
import { linuxConstants } from '@osx/native-ffi';
import { temporaryDirectory } from '@osx/test-support';

const { F_GETFD, F_GETFL, F_SETFL, F_DUPFD, F_DUPFD_CLOEXEC, F_GETLK, F_SETLKW, F_OFD_SETLKW, FD_CLOEXEC } =
  linuxConstants();

test('commands with an int argument, or none', () => {
  using file = pipe().readEnd;
  expect(fcntl(file, F_GETFD)).toBe(FD_CLOEXEC);
  expect(fcntl(file.number, F_SETFL, constants.O_NONBLOCK)).toBe(0);
  expect(fcntl(file, F_GETFL) & constants.O_NONBLOCK).toBe(constants.O_NONBLOCK);
  const copy = fcntl(file, F_DUPFD_CLOEXEC, 200);
  expect(copy).toBeGreaterThanOrEqual(200);
  expect(fcntl(copy, F_GETFD)).toBe(FD_CLOEXEC);
  closeSync(copy);
});

test('what it refuses: unknown commands by the kernel, lock commands before it', () => {
  expect(() => fcntl(0, 99_999)).toThrow(expect.objectContaining({ code: 'EINVAL', syscall: 'fcntl' }));
  expect(() => fcntl(0, F_DUPFD, -1)).toThrow(expect.objectContaining({ code: 'EINVAL' }));
  for (const command of [F_GETLK, F_SETLKW, F_OFD_SETLKW]) expect(() => fcntl(0, command, 0)).toThrow(TypeError);
  expect(() => fcntl(0, -1)).toThrow(RangeError);
  expect(() => fcntl(0, F_GETFD, 2 ** 32)).toThrow(RangeError);
  expect(() => fcntl(0, '1' as never)).toThrow(TypeError);
});

test('status flags belong to the open file description, close-on-exec to the descriptor', () => {
  using directory = temporaryDirectory('flags');
  const fd = openSync(join(directory.path, 'file'), 'w');
  const copy = duplicateFd(fd, { closeOnExec: false });
  setNonblocking(fd, true);
  expect(getStatusFlags(copy) & constants.O_NONBLOCK).toBe(constants.O_NONBLOCK);
  setStatusFlags(copy, constants.O_APPEND);
  expect(getStatusFlags(fd) & (constants.O_APPEND | constants.O_NONBLOCK)).toBe(constants.O_APPEND);
  expect([getFdFlags(fd), getFdFlags(copy)]).toEqual([FD_CLOEXEC, 0]);
  setCloseOnExec(copy, true);
  setFdFlags(fd, 0);
  expect([getFdFlags(fd), getFdFlags(copy)]).toEqual([0, FD_CLOEXEC]);
  closeSync(copy);
  closeSync(fd);
});

test('a child that shares the description sees the status flags and may change them', async () => {
  using directory = temporaryDirectory('flags');
  const fd = openSync(join(directory.path, 'file'), 'w');
  setNonblocking(fd, true);
  const program = `
    import fcntl, os, sys
    flags = fcntl.fcntl(3, fcntl.F_GETFL)
    fcntl.fcntl(3, fcntl.F_SETFL, flags & ~os.O_NONBLOCK | os.O_APPEND)
    sys.exit(0 if flags & os.O_NONBLOCK else 1)`;
  const child = spawn('python3', ['-c', program.replaceAll('\n    ', '\n')], {
    stdio: ['ignore', 'ignore', 'inherit', fd],
  });
  expect(await once(child, 'exit')).toEqual([0, null]);
  expect(getStatusFlags(fd) & (constants.O_NONBLOCK | constants.O_APPEND)).toBe(constants.O_APPEND);
  closeSync(fd);
});

test('pipe sizes round up', () => {
  const { readEnd, writeEnd } = pipe();
  expect(setPipeSize(readEnd, 5_000)).toBe(8_192);
  expect(getPipeSize(writeEnd)).toBe(8_192);
  readEnd.close();
  writeEnd.close();
});
