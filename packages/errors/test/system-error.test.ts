import { openSync, renameSync } from 'node:fs';
import { inspect } from 'node:util';
import { MessageChannel, receiveMessageOnPort } from 'node:worker_threads';
import { describe, expect, test } from 'vitest';
import { errnoNumber, isSystemError, SystemError } from '../src/index.ts';
import type { SystemErrorOptions } from '../src/index.ts';

function thrownBy(action: () => unknown): Error {
  try {
    action();
  } catch (error) {
    return error as Error;
  }
  throw new Error('nothing was thrown');
}

describe('the message', () => {
  test.each<[SystemErrorOptions, string]>([
    [{ code: 'EACCES', syscall: 'open', path: '/x' }, "EACCES: permission denied, open '/x'"],
    [
      { code: 'EXDEV', syscall: 'rename', path: '/a', dest: '/b' },
      "EXDEV: cross-device link not permitted, rename '/a' -> '/b'",
    ],
    [{ code: 'ENOLCK', syscall: 'fcntl' }, 'ENOLCK: no locks available, fcntl'],
    [{ code: 'EIO', syscall: 'link', dest: '/b' }, "EIO: i/o error, link -> '/b'"],
    [
      { code: 'ETIMEDOUT', syscall: 'fcntl', message: 'no lock within 5 ms', path: 'l' },
      "ETIMEDOUT: no lock within 5 ms, fcntl 'l'",
    ],
    [{ code: 'EIO', syscall: 'read', message: '' }, 'EIO: , read'],
    [{ code: 'ERR_OSX_TORN', syscall: 'read' }, 'ERR_OSX_TORN: unknown error, read'],
    [{ errno: -4095, syscall: 'read' }, 'UNKNOWN: Unknown system error -4095, read'],
    [{ errno: 4095, syscall: 'read' }, 'UNKNOWN: Unknown system error -4095, read'],
    [{ syscall: 'read' }, 'UNKNOWN: unknown error, read'],
    [{ code: 'EIO', syscall: 'open', path: '' }, "EIO: i/o error, open ''"],
    [{ code: 'EIO', syscall: 'open', path: "it's" }, "EIO: i/o error, open 'it's'"],
    [{ code: 'EIO', syscall: 'open', path: Buffer.from('/é') }, "EIO: i/o error, open '/é'"],
    [{ code: 'EIO', syscall: 'open', path: new Uint8Array([0x2f, 0x78]) }, "EIO: i/o error, open '/x'"],
    [{ code: 'EIO', syscall: 'open', path: Buffer.from('/\xff', 'latin1') }, "EIO: i/o error, open '/\ufffd'"],
    [{ code: 'EIO', syscall: 'open', path: new URL('file:///a%20b') }, "EIO: i/o error, open '/a b'"],
    [{ code: 'EIO', syscall: 'open', path: new URL('file:///a%2Fb') }, "EIO: i/o error, open 'file:///a%2Fb'"],
    [{ code: 'EIO', syscall: 'open', path: new URL('http://x/y') }, "EIO: i/o error, open 'http://x/y'"],
    [
      { code: 'EIO', syscall: 'open', path: 'a\nb\r\t\x1b[31m\x7f\0' },
      String.raw`EIO: i/o error, open 'a\nb\r\t\x1b[31m\x7f\x00'`,
    ],
    [
      { code: 'EIO', syscall: 'open', path: '\ud800x\udbff\u2028😀' },
      String.raw`EIO: i/o error, open '\ud800x\udbff\u2028😀'`,
    ],
  ])('%o', (options, message) => expect(new SystemError(options).message).toBe(message));
});

describe('the fields', () => {
  test('that were not given are absent', () => {
    const options = {
      code: 'EIO',
      syscall: 'read',
      path: undefined,
      dest: undefined,
      cause: undefined,
      message: undefined,
    };
    const error = new SystemError(options);
    expect(Object.keys(error)).toEqual(['errno', 'code', 'syscall']);
    expect('cause' in error).toBe(false);
    expect('path' in error).toBe(false);
  });

  test('that were given are there, and the same object causes it', () => {
    const cause = new Error('why');
    const error = new SystemError({ errno: 2, syscall: 'rename', path: '/a\n', dest: Buffer.from('b'), cause });
    expect(Object.assign({}, error)).toEqual({ errno: -2, code: 'ENOENT', syscall: 'rename', path: '/a\n', dest: 'b' });
    expect(error.cause).toBe(cause);
  });

  test('a cause may be null', () =>
    expect(new SystemError({ code: 'EIO', syscall: 'x', cause: null }).cause).toBe(null));

  test.each<[Omit<SystemErrorOptions, 'syscall'>, string, number | undefined]>([
    [{ errno: 13 }, 'EACCES', -13],
    [{ errno: -13 }, 'EACCES', -13],
    [{ code: 'EACCES' }, 'EACCES', -13],
    [{ code: 'EWOULDBLOCK' }, 'EAGAIN', -errnoNumber('EAGAIN')!],
    [{ code: 'ERR_OSX_TORN' }, 'ERR_OSX_TORN', undefined],
    [{ code: 'ERR_OSX_TORN', errno: 5 }, 'ERR_OSX_TORN', -5],
    [{ code: 'EPERM', errno: 1 }, 'EPERM', -1],
    [{ code: '__proto__' }, '__proto__', undefined],
    [{ errno: 4095 }, 'UNKNOWN', -4095],
    [{ errno: NaN }, 'UNKNOWN', undefined],
    [{ errno: 1.5 }, 'UNKNOWN', undefined],
    [{}, 'UNKNOWN', undefined],
  ])('%o has a code and an errno', (options, code, errno) => {
    const error = new SystemError({ ...options, syscall: 'x' });
    expect(error.code).toBe(code);
    expect(error.errno).toBe(errno);
    expect('errno' in error).toBe(errno !== undefined);
  });
});

describe('beside an error of Node', () => {
  test.each<[string, () => unknown, SystemErrorOptions]>([
    ['open', () => openSync('/nowhere/x', 'r'), { errno: -2, syscall: 'open', path: '/nowhere/x' }],
    [
      'rename',
      () => renameSync('/nowhere/a', '/b'),
      { code: 'ENOENT', syscall: 'rename', path: '/nowhere/a', dest: '/b' },
    ],
  ])('%s: message, fields and their order are the same', (_, action, options) => {
    const theirs = thrownBy(action);
    const ours = new SystemError(options);
    expect(ours.message).toBe(theirs.message);
    expect(Object.entries(ours)).toEqual(Object.entries(theirs));
    expect(JSON.stringify(ours)).toBe(JSON.stringify(theirs));
  });
});

describe('the name', () => {
  const error = new SystemError({ code: 'EIO', syscall: 'read' });

  test('is on the prototype, and heads the stack and toString', () => {
    expect(error.name).toBe('SystemError');
    expect(Object.hasOwn(error, 'name')).toBe(false);
    expect(Object.hasOwn(SystemError.prototype, 'name')).toBe(true);
    expect(String(error)).toBe('SystemError: EIO: i/o error, read');
    expect(error.stack).toMatch(/^SystemError: EIO: i\/o error, read\n {4}at .*system-error\.test\.ts/);
  });

  test('can be set on one error without touching the others', () => {
    const named = new SystemError({ code: 'EIO', syscall: 'read' });
    named.name = 'LockError';
    expect(named.name).toBe('LockError');
    expect(Object.keys(named)).not.toContain('name');
    expect(error.name).toBe('SystemError');
  });
});

test('is an Error for every way of asking', () => {
  const error = new SystemError({ code: 'EIO', syscall: 'read' });
  expect(error).toBeInstanceOf(Error);
  expect(Object.prototype.toString.call(error)).toBe('[object Error]');
});

test('a subclass keeps the brand', () => {
  class Mine extends SystemError {}
  expect(isSystemError(new Mine({ code: 'EIO', syscall: 'read' }), 'EIO')).toBe(true);
});

test('inspect shows the stack, the fields and the cause, not the brand', () => {
  const cause = new Error('the disk');
  const text = inspect(new SystemError({ code: 'EIO', syscall: 'read', path: '/x', cause }));
  expect(text).toMatch(/^SystemError: EIO: i\/o error, read '\/x'\n/);
  expect(text).toContain("errno: -5,\n  code: 'EIO',\n  syscall: 'read',\n  path: '/x',\n  [cause]: Error: the disk");
  expect(text).not.toContain('@osx');
});

describe('sent to another thread', () => {
  const error = new SystemError({ code: 'EIO', syscall: 'read', cause: new Error('the disk') });

  test('it keeps message, stack and cause, as every Error, and loses code and class', () => {
    const clone = structuredClone(error) as Error;
    expect(clone).toBeInstanceOf(Error);
    expect(clone.message).toBe(error.message);
    expect(clone.stack).toBe(error.stack);
    expect((clone.cause as Error).message).toBe('the disk');
    expect(clone.name).toBe('Error');
    expect('code' in clone).toBe(false);
    expect(isSystemError(clone)).toBe(false);
  });

  test('its fields travel as a plain object', () => {
    const { port1, port2 } = new MessageChannel();
    port1.postMessage(Object.assign({}, error, { message: error.message }));
    const received: unknown = receiveMessageOnPort(port2)!.message;
    expect(received).toEqual({ errno: -5, code: 'EIO', syscall: 'read', message: error.message });
    expect(new SystemError(received as { code: string; syscall: string }).code).toBe('EIO');
    port1.close();
  });
});
