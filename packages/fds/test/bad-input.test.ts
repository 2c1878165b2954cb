import { expect, test } from 'vitest';

import {
  closeNative,
  duplicate,
  Fd,
  getFdFlags,
  getPipeSize,
  getStatusFlags,
  isCloseOnExec,
  isNonblocking,
  isOpen,
  open,
  pipe,
  readFd,
  setCloseOnExec,
  setFdFlags,
  setNonblocking,
  setPipeSize,
  setStatusFlags,
  writeFd,
} from '@osx/fds';

const TYPE = 'ERR_INVALID_ARG_TYPE';
const RANGE = 'ERR_OUT_OF_RANGE';
const VALUE = 'ERR_INVALID_ARG_VALUE';
const any = (value: unknown): never => value as never;
const bytes = Buffer.alloc(1);

const synchronous: [string, () => unknown, string][] = [
  ...(
    [
      ['closeNative', closeNative],
      ['duplicate', duplicate],
      ['Fd.adopt', (fd) => Fd.adopt(any(fd))],
      ['getFdFlags', getFdFlags],
      ['getPipeSize', getPipeSize],
      ['getStatusFlags', getStatusFlags],
      ['isCloseOnExec', isCloseOnExec],
      ['isNonblocking', isNonblocking],
      ['isOpen', isOpen],
      ['setCloseOnExec', (fd) => setCloseOnExec(any(fd), true)],
      ['setFdFlags', (fd) => setFdFlags(any(fd), 0)],
      ['setNonblocking', (fd) => setNonblocking(any(fd), true)],
      ['setPipeSize', (fd) => setPipeSize(any(fd), 4096)],
      ['setStatusFlags', (fd) => setStatusFlags(any(fd), 0)],
    ] as [string, (fd: never) => unknown][]
  ).flatMap(([name, call]): [string, () => unknown, string][] => [
    [`${name}(-1)`, () => call(any(-1)), RANGE],
    [`${name}(1.5)`, () => call(any(1.5)), RANGE],
    [`${name}(NaN)`, () => call(any(Number.NaN)), RANGE],
    [`${name}(2 ** 31)`, () => call(any(2 ** 31)), RANGE],
    [`${name}('1')`, () => call(any('1')), TYPE],
    [`${name}(null)`, () => call(any(null)), TYPE],
    [`${name}(undefined)`, () => call(any(undefined)), TYPE],
  ]),
  ['Fd.adopt with an unknown origin', () => Fd.adopt(1, { origin: any('libc') }), VALUE],
  ['open of an empty path', () => open(''), VALUE],
  ['open of a path with NUL', () => open('/etc/host\0name'), VALUE],
  ['open of bytes with NUL', () => open(Buffer.from([0x2f, 0])), VALUE],
  ['open of a web address', () => open(new URL('https://example.org/')), VALUE],
  ['open of a number', () => open(any(3)), TYPE],
  ['open with unknown flags', () => open('/dev/null', 'rw'), VALUE],
  ['open with flags of another type', () => open('/dev/null', any({})), TYPE],
  ['open with negative flags', () => open('/dev/null', -1), RANGE],
  ['open with a fraction as mode', () => open('/dev/null', 'r', 0.5), RANGE],
  ['open with a mode beyond 07777', () => open('/dev/null', 'r', 0o10000), RANGE],
  ['open with a string as mode', () => open('/dev/null', 'r', { mode: any('644') }), TYPE],
  ['open with nonblocking: 1', () => open('/dev/null', 'r', { nonblocking: any(1) }), TYPE],
  ['pipe with nonblocking: 1', () => pipe({ nonblocking: any(1) }), TYPE],
  ['pipe(true)', () => pipe(any(true)), TYPE],
  ['duplicate at least -1', () => duplicate(1, { atLeast: -1 }), RANGE],
  ['duplicate with closeOnExec: 0', () => duplicate(1, { closeOnExec: any(0) }), TYPE],
  ['setNonblocking(1, 1)', () => setNonblocking(1, any(1)), TYPE],
  ['setCloseOnExec(1, undefined)', () => setCloseOnExec(1, any(undefined)), TYPE],
  ['setStatusFlags(1, -1)', () => setStatusFlags(1, -1), RANGE],
  ['setFdFlags(1, NaN)', () => setFdFlags(1, Number.NaN), RANGE],
  ['setPipeSize(1, -1)', () => setPipeSize(1, -1), RANGE],
  ['setPipeSize beyond 2 ** 30', () => setPipeSize(1, 2 ** 30 + 1), RANGE],
];

test.each(synchronous)('%s throws', (_name, call, code) => {
  expect(call).toThrow(expect.objectContaining({ code }));
});

/** A borrowed number that is not open: a system call before the check would make it EBADF. */
const closed = 2 ** 30;

const asynchronous: [string, () => Promise<unknown>, string][] = [
  ['readFd(-1)', () => readFd(-1, bytes), RANGE],
  ['readFd into a string', () => readFd(closed, any('x')), TYPE],
  ['readFd into an ArrayBuffer', () => readFd(closed, any(new ArrayBuffer(1))), TYPE],
  ['readFd into nothing', () => readFd(closed, new Uint8Array(0)), RANGE],
  ['readFd with timeoutMs: NaN', () => readFd(closed, bytes, { timeoutMs: Number.NaN }), RANGE],
  ['readFd with timeoutMs: -1', () => readFd(closed, bytes, { timeoutMs: -1 }), RANGE],
  ["readFd with timeoutMs: '5'", () => readFd(closed, bytes, { timeoutMs: any('5') }), TYPE],
  ['readFd with a wrong signal', () => readFd(closed, bytes, { signal: any({}) }), TYPE],
  ['readFd with null as options', () => readFd(closed, bytes, any(null)), TYPE],
  ['writeFd(-1)', () => writeFd(-1, 'x'), RANGE],
  ['writeFd of a number', () => writeFd(closed, any(5)), TYPE],
  ['writeFd of null', () => writeFd(closed, any(null)), TYPE],
  ['writeFd in an unknown encoding', () => writeFd(closed, 'x', { encoding: any('utf-7') }), VALUE],
  ['writeFd with timeoutMs: NaN', () => writeFd(closed, 'x', { timeoutMs: Number.NaN }), RANGE],
  ['writeFd with null as options', () => writeFd(closed, 'x', any(null)), TYPE],
];

test.each(asynchronous)('%s rejects', async (_name, call, code) => {
  await expect(call()).rejects.toMatchObject({ code });
});

test('an aborted signal rejects with its reason before any system call', async () => {
  const reason = new Error('not needed any more');
  const signal = AbortSignal.abort(reason);
  await expect(readFd(closed, bytes, { signal })).rejects.toBe(reason);
  await expect(writeFd(closed, 'x', { signal })).rejects.toBe(reason);
});
