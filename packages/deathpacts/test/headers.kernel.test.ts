import { assertHeadersAgree, needs } from '@osx/test-support';
import type { CClaims } from '@osx/test-support';

import { POLLIN, pollfdStruct } from '../src/internal/inherited-pidfd.ts';
import { itimerspecStruct, sigeventStruct, timerConstants } from '../src/internal/kernel-deadline.ts';

function claims(target: 'linux-x64' | 'linux-arm64'): CClaims {
  return {
    headers: ['time.h', 'signal.h', 'poll.h'],
    constants: { ...timerConstants, POLLIN },
    structs: {
      'struct itimerspec': itimerspecStruct.layout(target),
      'struct sigevent': sigeventStruct.layout(target),
      'struct pollfd': pollfdStruct.layout(target),
    },
  };
}

needs('gcc').test('constants and layouts are those of the headers on x64', async () => {
  await assertHeadersAgree(claims('linux-x64'));
});

needs('arm64-gcc').test('constants and layouts are those of the headers on arm64', async () => {
  await assertHeadersAgree(claims('linux-arm64'), 'aarch64-linux-gnu-gcc');
});
