import { assertHeadersAgree, needs } from '@osx/test-support';
import type { CClaims } from '@osx/test-support';
import { expect } from 'vitest';

import * as inotify from '../src/inotify/constants.ts';
import * as errnos from '../src/internal/errno-numbers.ts';
import { INOTIFY_EVENT_HEADER_BYTES } from '../src/internal/parse-inotify-events.ts';
import { CLD_DUMPED, CLD_EXITED, CLD_KILLED, PIDFD_THREAD, POLLIN } from '../src/internal/pidfd-constants.ts';
import {
  FILE_HANDLE_HEADER_BYTES,
  FILE_HANDLE_MAX_BYTES,
  pidfdInfoStruct,
  pollfdStruct,
  siginfoStruct,
} from '../src/internal/pidfd-structs.ts';

/** Debian 12 has no `struct pidfd_info`: pidfd.kernel.test.ts proves that layout by what the kernel fills in. */
function claims(target: 'linux-x64' | 'linux-arm64'): CClaims {
  return {
    headers: ['errno.h', 'fcntl.h', 'poll.h', 'signal.h', 'sys/inotify.h', 'sys/wait.h'],
    constants: {
      ...errnos,
      ...inotify,
      CLD_EXITED,
      CLD_KILLED,
      CLD_DUMPED,
      POLLIN,
      O_EXCL: PIDFD_THREAD,
      MAX_HANDLE_SZ: FILE_HANDLE_MAX_BYTES,
    },
    structs: {
      siginfo_t: siginfoStruct.layout(target),
      'struct pollfd': pollfdStruct.layout(target),
      'struct file_handle': {
        size: FILE_HANDLE_HEADER_BYTES,
        fields: { handle_bytes: ['u32', 0], handle_type: ['i32', 4] },
      },
      'struct inotify_event': {
        size: INOTIFY_EVENT_HEADER_BYTES,
        fields: { wd: ['i32', 0], mask: ['u32', 4], cookie: ['u32', 8], len: ['u32', 12] },
      },
    },
  };
}

needs('gcc').test('constants and layouts are those of the headers on x64', async () => {
  await assertHeadersAgree(claims('linux-x64'));
});

needs('arm64-gcc').test('constants and layouts are those of the headers on arm64', async () => {
  await assertHeadersAgree(claims('linux-arm64'), 'aarch64-linux-gnu-gcc');
});

needs('gcc').test('a wrong number is found', async () => {
  await expect(assertHeadersAgree({ headers: ['sys/inotify.h'], constants: { IN_OPEN: 1 } })).rejects.toThrow(
    /IN_OPEN/,
  );
});

needs('gcc').test('pidfd_info has the size that its ioctl number carries', () => {
  expect([pidfdInfoStruct.size('linux-x64'), pidfdInfoStruct.size('linux-arm64')]).toEqual([64, 64]);
});
