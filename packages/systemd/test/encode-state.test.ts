import type { NotifyFields } from '@osx/systemd';
import { expect, test } from 'vitest';

import { encodeState } from '../src/internal/encode-state.ts';

test.each<[NotifyFields | string, string]>([
  [{ READY: true }, 'READY=1'],
  [{ READY: 1, STOPPING: false, STATUS: undefined }, 'READY=1'],
  [{ STATUS: '' }, 'STATUS='],
  [{ STATUS: 'a=b, größe\t🙂' }, 'STATUS=a=b, größe\t🙂'],
  [{ STOPPING: true, ERRNO: -2, EXIT_STATUS: 255 }, 'STOPPING=1\nERRNO=2\nEXIT_STATUS=255'],
  [{ ERRNO: 5, BUSERROR: 'org.a.B', VARLINKERROR: 'a.B' }, 'ERRNO=5\nBUSERROR=org.a.B\nVARLINKERROR=a.B'],
  [{ MAINPID: 4711, MAINPIDFDID: 2n ** 64n - 1n }, 'MAINPID=4711\nMAINPIDFDID=18446744073709551615'],
  [{ WATCHDOG: true }, 'WATCHDOG=1'],
  [{ WATCHDOG: 'trigger' }, 'WATCHDOG=trigger'],
  [{ WATCHDOG_USEC: 0, EXTEND_TIMEOUT_USEC: 5n }, 'WATCHDOG_USEC=0\nEXTEND_TIMEOUT_USEC=5'],
  [{ FDSTOREREMOVE: true, FDNAME: 'a b' }, 'FDSTOREREMOVE=1\nFDNAME=a b'],
  [{ NOTIFYACCESS: 'all', RESTART_RESET: 1 }, 'NOTIFYACCESS=all\nRESTART_RESET=1'],
  [{ RELOADING: true, MONOTONIC_USEC: 7n }, 'RELOADING=1\nMONOTONIC_USEC=7'],
  [{ X_A: 'b', X_2: 3, X_B: 4n }, 'X_2=3\nX_A=b\nX_B=4'],
  ['READY=1\nSTATUS=x\n', 'READY=1\nSTATUS=x\n'],
])('%o', (state, message) => {
  expect(encodeState(state, undefined).split('\n').sort()).toEqual(message.split('\n').sort());
});

test('with descriptors', () => {
  expect(encodeState({ FDSTORE: 1, FDNAME: '', FDPOLL: false }, [0])).toBe('FDSTORE=1\nFDNAME=\nFDPOLL=0');
  expect(encodeState({ MAINPIDFD: true }, [0])).toBe('MAINPIDFD=1');
});

test.each<[string, unknown, readonly number[] | undefined, RegExp]>([
  ['a line feed forges a field', { STATUS: 'x\nREADY=1' }, undefined, /state\.STATUS.*one line/],
  ['a carriage return does too', { STATUS: 'x\rREADY=1' }, undefined, /state\.STATUS.*one line/],
  ['a null byte has the message dropped', { STATUS: 'x\0' }, undefined, /one line/],
  ['also in custom fields', { X_A: 'x\nREADY=1' }, undefined, /state\.X_A.*one line/],
  ['and in names', { 'X_A\nREADY': '1' }, undefined, /fields of sd_notify/],
  ['and in error names', { BUSERROR: 'a\nREADY=1' }, undefined, /error name/],
  ['and in descriptor names', { FDSTORE: 1, FDNAME: 'a\nb' }, [0], /printable ASCII/],
  ['a colon divides names', { FDSTORE: 1, FDNAME: 'a:b' }, [0], /printable ASCII/],
  ['a long name', { FDSTORE: 1, FDNAME: 'a'.repeat(256) }, [0], /255/],
  ['a misspelt field', { READDY: true }, undefined, /READDY/],
  ['a custom field without a name', { X_: 'x' }, undefined, /fields of sd_notify/],
  ['a field of the prototype', { toString: 'x' }, undefined, /fields of sd_notify/],
  ['a barrier', { BARRIER: true }, undefined, /notifyBarrier/],
  ['nothing', {}, undefined, /at least one/],
  ['nothing true', { READY: false }, undefined, /at least one/],
  ['READY=0', { READY: 0 }, undefined, /state\.READY/],
  ['text for a flag', { READY: '1' }, undefined, /state\.READY/],
  ['a watchdog word', { WATCHDOG: 'Trigger' }, undefined, /state\.WATCHDOG/],
  ['pid 0', { MAINPID: 0 }, undefined, /MAINPID/],
  ['a fraction', { WATCHDOG_USEC: 1.5 }, undefined, /WATCHDOG_USEC/],
  ['an infinity', { WATCHDOG_USEC: 2n ** 64n - 1n }, undefined, /WATCHDOG_USEC/],
  ['an exit status', { EXIT_STATUS: 256 }, undefined, /EXIT_STATUS/],
  ['an errno by name', { ERRNO: 'ENOENT' }, undefined, /ERRNO/],
  ['an access', { NOTIFYACCESS: 'root' }, undefined, /NOTIFYACCESS/],
  ['descriptors to store, and none', { FDSTORE: 1 }, undefined, /FDSTORE only with/],
  ['descriptors to store, and an empty list', { FDSTORE: 1 }, [], /FDSTORE only with/],
  ['descriptors for nothing', { READY: 1 }, [0], /FDSTORE or MAINPIDFD/],
  ['two pidfds', { MAINPIDFD: 1 }, [0, 1], /one descriptor/],
  ['a poll without a store', { FDPOLL: 0, READY: 1 }, undefined, /FDPOLL only/],
  ['a name for nothing', { FDNAME: 'a' }, undefined, /FDNAME only/],
  ['a removal of nothing', { FDSTOREREMOVE: 1 }, undefined, /FDSTOREREMOVE only/],
  ['an inode of no process', { MAINPIDFDID: 5 }, undefined, /MAINPIDFDID only/],
  ['4,097 bytes', { STATUS: 'a'.repeat(4090) }, undefined, /4096 bytes/],
  ['4,097 bytes in fewer characters', { STATUS: 'é'.repeat(2045) }, undefined, /4096 bytes/],
  ['text without a field', 'ready', undefined, /NAME=VALUE/],
  ['text with a null byte', 'READY=1\0', undefined, /NAME=VALUE/],
  ['no text', '', undefined, /NAME=VALUE/],
  ['null', null, undefined, /of type string or object/],
])('%s is refused', (_what, state, fds, message) => {
  expect(() => encodeState(state as NotifyFields, fds)).toThrow(message);
});

test('4,096 bytes are taken', () => {
  expect(encodeState({ STATUS: 'a'.repeat(4089) }, undefined)).toHaveLength(4096);
});
