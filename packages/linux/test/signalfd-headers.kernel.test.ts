import { assertHeadersAgree, needs } from '@osx/test-support';
import type { CClaims } from '@osx/test-support';

import { siginfoStruct } from '../src/internal/parse-siginfo.ts';
import {
  CLD_CODES,
  POLL_CODES,
  SFD_CLOEXEC,
  SFD_NONBLOCK,
  SI_CODES,
  SIGCHLD,
} from '../src/internal/signalfd-constants.ts';

function claims(target: 'linux-x64' | 'linux-arm64'): CClaims {
  return {
    headers: ['signal.h', 'sys/signalfd.h'],
    constants: { ...CLD_CODES, ...POLL_CODES, ...SI_CODES, SFD_CLOEXEC, SFD_NONBLOCK, SIGCHLD },
    structs: { 'struct signalfd_siginfo': siginfoStruct.layout(target) },
  };
}

needs('gcc').test('constants and layouts of signalfd are those of the headers on x64', async () => {
  await assertHeadersAgree(claims('linux-x64'));
});

needs('arm64-gcc').test('constants and layouts of signalfd are those of the headers on arm64', async () => {
  await assertHeadersAgree(claims('linux-arm64'), 'aarch64-linux-gnu-gcc');
});
