import { assertHeadersAgree, needs } from '@osx/test-support';
import { expect, test } from 'vitest';

import { linuxConstantsFor } from '@osx/native-ffi';

const headers = [
  'fcntl.h',
  'stdio.h',
  'unistd.h',
  'sys/file.h',
  'sys/epoll.h',
  'sys/inotify.h',
  'sys/wait.h',
  'poll.h',
  'signal.h',
  'sys/socket.h',
  'sys/uio.h',
  'sys/syscall.h',
  'sys/mman.h',
  'sys/prctl.h',
  'linux/futex.h',
];

needs('gcc').test('every constant of Linux x64 is the one in the headers', async () => {
  await assertHeadersAgree({ headers, constants: linuxConstantsFor('x64') });
});

needs('arm64-gcc').test('every constant of Linux arm64 is the one in the headers', async () => {
  await assertHeadersAgree({ headers, constants: linuxConstantsFor('arm64') }, 'aarch64-linux-gnu-gcc');
});

needs('gcc').test('a wrong number is found', async () => {
  await expect(assertHeadersAgree({ headers, constants: { O_CREAT: 1 } })).rejects.toThrow(/O_CREAT is not 1/);
});

test('the architectures differ where the kernel says so', () => {
  expect(linuxConstantsFor('x64').O_DIRECTORY).not.toBe(linuxConstantsFor('arm64').O_DIRECTORY);
});
