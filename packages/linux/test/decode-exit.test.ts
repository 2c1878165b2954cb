import { constants } from 'node:os';

import { describe, expect, test } from 'vitest';

import { decodeSiginfo, decodeWaitStatus } from '../src/internal/decode-exit.ts';
import { PIDFD_GET_INFO } from '../src/internal/pidfd-constants.ts';
import { signalName, signalNumber } from '../src/internal/signal-number.ts';

describe('how a process ended', () => {
  test('every exit code, from wait(2) and waitid(2) alike', () => {
    for (let code = 0; code < 256; code += 1) {
      const expected = { code, signal: null, signalNumber: null, coreDumped: false };
      expect(decodeWaitStatus(code << 8)).toEqual(expected);
      expect(decodeSiginfo(1, code)).toEqual(expected);
    }
  });

  test('every signal, with and without a core dump', () => {
    for (let number = 1; number <= 64; number += 1) {
      const expected = { code: null, signal: signalName(number), signalNumber: number, coreDumped: false };
      expect(decodeWaitStatus(number)).toEqual(expected);
      expect(decodeSiginfo(2, number)).toEqual(expected);
      expect(decodeWaitStatus(number | 0x80)).toEqual({ ...expected, coreDumped: true });
      expect(decodeSiginfo(3, number)).toEqual({ ...expected, coreDumped: true });
    }
  });
});

test('every signal name of Node has its number, and the number a name', () => {
  for (const [name, number] of Object.entries(constants.signals)) {
    expect(signalNumber(name)).toBe(number);
    expect(signalNumber(signalName(number))).toBe(number);
  }
  expect(signalName(40)).toBe('SIG40');
  expect(signalNumber(0)).toBe(0);
});

test('the number of PIDFD_GET_INFO is _IOWR(0xFF, 11, 64 bytes)', () => {
  expect(PIDFD_GET_INFO >>> 0).toBe(0xc040ff0b);
});
