import { closeSync, constants, fstatSync, openSync, readFileSync, writeSync } from 'node:fs';
import { inspect } from 'node:util';

import { isSystemError } from '@osx/errors';
import { expectNoNewFds, openFds } from '@osx/test-support';
import { expect, test } from 'vitest';

import { closeNative, duplicate, Fd, isOpen, open, pipe } from '@osx/fds';

const EBADF = expect.objectContaining({ code: 'EBADF' });

function nativeFd(): Fd {
  using fd = open('/dev/null');
  return fd.duplicate({ closeOnExec: false }); // a plain one is Node's
}

/** Opens until the kernel gives `number` out again: the lowest free number comes first. */
function reopen(number: number): number[] {
  const opened: number[] = [];
  while (opened.at(-1) !== number) opened.push(openSync('/dev/null', 'r'));
  return opened;
}

test('close() closes the number once', () => {
  const fd = open('/dev/null');
  const { number } = fd;
  expect(isOpen(number)).toBe(true);
  fd.close();
  expect(isOpen(number)).toBe(false);
  expect(fd.isClosed).toBe(true);
  expect(() => fd.close()).not.toThrow();
});

test.each(['node', 'native'] as const)('a second close() spares the stranger who got the number (%s)', (origin) => {
  const fd = origin === 'node' ? open('/dev/null') : nativeFd();
  const { number } = fd;
  expect(fd.origin).toBe(origin);
  fd.close();
  const strangers = reopen(number);
  fd.close();
  fd[Symbol.dispose]();
  expect(isOpen(number)).toBe(true);
  for (const stranger of strangers) closeSync(stranger);
});

test('using closes at the end of the block, also when it throws', () => {
  const before = openFds();
  expect(() => {
    using fd = open('/dev/null');
    throw new Error(`with ${fd.number} open`);
  }).toThrow(/open$/);
  expectNoNewFds(before);
});

test('after close() every use is EBADF, said as such, and no number is given', async () => {
  const fd = open('/dev/null');
  fd.close();
  expect(() => fd.number).toThrow('EBADF: this Fd has no descriptor, it was closed, fd');
  expect(() => fd.release()).toThrow(EBADF);
  expect(() => fd.duplicate()).toThrow(EBADF);
  expect(() => fd.toStdio()).toThrow(EBADF);
  expect(() => fd.toReadable()).toThrow(EBADF);
  expect(() => fd.toWritable()).toThrow(EBADF);
  expect(() => duplicate(fd)).toThrow(EBADF);
  expect(isOpen(fd)).toBe(false);
  await expect(fd.read(Buffer.alloc(1))).rejects.toMatchObject({ code: 'EBADF', syscall: 'read' });
  await expect(fd.write('x')).rejects.toMatchObject({ code: 'EBADF', syscall: 'write' });
  await expect(fd.write('')).rejects.toMatchObject({ code: 'EBADF' });
  await expect(fd.writeAll('')).rejects.toMatchObject({ code: 'EBADF' });
  await expect(fd[Symbol.asyncIterator]().next()).rejects.toMatchObject({ code: 'EBADF' });
});

test('release() gives the number away open', () => {
  const fd = open('/dev/null');
  const number = fd.release();
  expect(fd.isClosed).toBe(true);
  fd.close();
  expect(isOpen(number)).toBe(true);
  expect(() => fd.number).toThrow(/it was released/);
  closeSync(number);
});

test('adopt() takes a number over and closes it', () => {
  const number = openSync('/dev/null', 'r');
  const fd = Fd.adopt(number, { origin: 'node' });
  expect(fd.number).toBe(number);
  fd.close();
  expect(isOpen(number)).toBe(false);
});

test('adopt() refuses a number that is not open', () => {
  const number = openSync('/dev/null', 'r');
  closeSync(number);
  expect(() => Fd.adopt(number)).toThrow(EBADF);
});

test('a number adopted twice is closed once, by its last owner', () => {
  const first = nativeFd();
  const { number } = first;
  const second = Fd.adopt(number);
  expect(first.isClosed).toBe(true);
  expect(() => first.number).toThrow(/belongs to another owner/);
  first.close();
  expect(isOpen(number)).toBe(true);
  second.close();
  expect(isOpen(number)).toBe(false);
});

test('foreign code closes our number and we get it again: the former owner never closes it', async () => {
  const { readEnd, writeEnd } = pipe();
  const { number } = readEnd;
  const waiting = readEnd.read(Buffer.alloc(1));
  closeNative(number);
  const opened: Fd[] = [];
  while (opened.at(-1)?.number !== number) opened.push(open('/dev/null'));
  await expect(waiting).rejects.toMatchObject({ code: 'EBADF' });
  expect(readEnd.isClosed).toBe(true);
  readEnd.close();
  expect(isOpen(number)).toBe(true);
  writeEnd.close();
  for (const fd of opened) fd.close();
});

test('close() of a number that foreign code closed is EBADF, once', () => {
  const fd = nativeFd();
  closeNative(fd.number);
  expect(() => fd.close()).toThrow(EBADF);
  expect(fd.isClosed).toBe(true);
  expect(() => fd.close()).not.toThrow();
});

test.each([() => open('/no/such/file'), () => closeNative(2 ** 30), () => duplicate(2 ** 30)])(
  'errors are SystemErrors (%#)',
  (call) => {
    try {
      call();
      expect.unreachable();
    } catch (error) {
      expect(isSystemError(error)).toBe(true);
    }
  },
);

test('open() names the path and keeps the cause', () => {
  expect(() => open('/no/such/file')).toThrow("ENOENT: no such file or directory, open '/no/such/file'");
  expect(() => open('/tmp', 'w')).toThrow(expect.objectContaining({ code: 'EISDIR', syscall: 'open', path: '/tmp' }));
});

test('inspect shows the number and whether it is closed', () => {
  const fd = open('/dev/null');
  expect(inspect(fd)).toBe(`Fd { ${fd.number}, origin: 'node' }`);
  fd.close();
  expect(inspect(fd)).toBe("Fd { closed, origin: 'node' }");
});

test('duplicate() shares the position, not the number', () => {
  using fd = open(new URL(import.meta.url));
  using copy = fd.duplicate();
  expect(copy.number).not.toBe(fd.number);
  expect(fstatSync(copy.number).ino).toBe(fstatSync(fd.number).ino);
  fd.close();
  expect(readFileSync(copy.number, 'utf8')).toContain('shares the position');
});

test('duplicate({ atLeast }) starts there; beyond the limit of the process it is EINVAL', () => {
  using fd = open('/dev/null');
  using copy = fd.duplicate({ atLeast: 500 });
  expect(copy.number).toBeGreaterThanOrEqual(500);
  expect(() => fd.duplicate({ atLeast: 2 ** 31 - 1 })).toThrow(expect.objectContaining({ code: 'EINVAL' }));
});

test('closeNative() closes a raw number, and says EBADF of a closed one', () => {
  const number = nativeFd().release();
  closeNative(number);
  expect(() => closeNative(number)).toThrow('EBADF: bad file descriptor, close');
});

test('10,000 cycles of open, pipe and duplicate leave nothing behind', () => {
  const before = openFds();
  for (let cycle = 0; cycle < 10_000; cycle++) {
    using fd = open('/dev/null', constants.O_WRONLY);
    using copy = fd.duplicate();
    const { readEnd, writeEnd } = pipe();
    writeSync(copy.number, 'x');
    readEnd.close();
    writeEnd.close();
  }
  expectNoNewFds(before);
});
