import { assertHeadersAgree, needs } from '@osx/test-support';
import type { CClaims } from '@osx/test-support';

import { itimerspecStruct, timespecStruct } from '../src/internal/timerfd-calls.ts';
import * as constants from '../src/internal/timerfd-constants.ts';

function claims(target: 'linux-x64' | 'linux-arm64'): CClaims {
  return {
    headers: ['time.h', 'sys/timerfd.h'],
    constants: { ...constants },
    structs: {
      'struct itimerspec': itimerspecStruct.layout(target),
      'struct timespec': timespecStruct.layout(target),
    },
  };
}

needs('gcc').test('constants and layouts of timerfd are those of the headers on x64', async () => {
  await assertHeadersAgree(claims('linux-x64'));
});

needs('arm64-gcc').test('constants and layouts of timerfd are those of the headers on arm64', async () => {
  await assertHeadersAgree(claims('linux-arm64'), 'aarch64-linux-gnu-gcc');
});
