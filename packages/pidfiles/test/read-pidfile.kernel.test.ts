import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, statSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { Pidfile, pinPidfileOwner, readPidfile } from '@osx/pidfiles';
import { asUnprivilegedUser, expectNoNewFds, needs, openFds, runFixture, temporaryDirectory } from '@osx/test-support';

let directory: ReturnType<typeof temporaryDirectory>;
let path: string;

beforeEach(() => {
  directory = temporaryDirectory('read', { mode: 0o755 });
  path = join(directory.path, 'job.pid');
});
afterEach(() => directory[Symbol.dispose]());

const highest = process.platform === 'linux' ? Number(readFileSync('/proc/sys/kernel/pid_max', 'latin1')) - 1 : 99_998;

test('no file, and an empty one', () => {
  expect(readPidfile(path)).toBe(null);
  writeFileSync(path, '');
  expect(readPidfile(path)).toBe(null);
});

test.each([
  ['with a newline', '4321\n', 4321],
  ['without', '4321', 4321],
  ['the first', '1\n', 1],
  ['the highest', `${highest}\n`, highest],
  ['with lines of another program', '4321\n/var/lib/data\n1234567\n', 4321],
])('a pid of any program: %s', (_, text, pid) => {
  writeFileSync(path, text);
  expect(readPidfile(path)).toEqual({ pid, origin: 'unknown' });
});

const garbage: [string, string | Buffer][] = [
  ['words', 'hello\n'],
  ['zero', '0\n'],
  ['negative', '-1\n'],
  ['minus a pid', '-4321\n'],
  ['plus', '+4321\n'],
  ['leading zeros', '04321\n'],
  ['CRLF', '4321\r\n'],
  ['a space before', ' 4321\n'],
  ['a space after', '4321 \n'],
  ['a tab', '4321\t\n'],
  ['two pids', '4321 4322\n'],
  ['hexadecimal', '0x10\n'],
  ['an exponent', '1e3\n'],
  ['a fraction', '4321.0\n'],
  ['beyond pid_max', `${highest + 1}\n`],
  ['beyond 32 bits', '4294967297\n'],
  ['beyond 64 bits', '18446744073709551617\n'],
  ['a null byte behind', '4321\0\n'],
  ['null bytes', Buffer.alloc(64)],
  ['a null byte in the second line', '4321\n{"a":"\0"}\n'],
  ['a null byte in a line of another program', '4321\n/var/lib\0\n'],
  ['an empty first line', '\n4321\n'],
  ['a byte order mark', '\uFEFF4321\n'],
  ['digits of another script', '\u0664\u0663\n'],
  ['bytes that are no UTF-8', Buffer.from([0x34, 0xff, 0x0a])],
  ['one byte too long', `4321\n${'x'.repeat(4_092)}`],
  ['JSON cut short', '4321\n{"bootId":"x"'],
  ['a start time that is none', '4321\n{"startTime":12}\n'],
  ['an identity that is none', '4321\n{"identity":{"inode":"1"}}\n'],
  ['a handle that is none', '4321\n{"identity":{"bootId":"b","pid":1,"inode":"1","handle":"0"}}\n'],
  ['info that is none', '4321\n{"info":[]}\n'],
];

describe.each(garbage)('garbage: %s', (_, content) => {
  test('is an error, and nobody is signalled', async () => {
    writeFileSync(path, content);
    const error = expect.objectContaining({ name: 'SystemError', code: 'ERR_OSX_INVALID_PIDFILE', path });
    expect(() => readPidfile(path)).toThrow(error);
    await expect(pinPidfileOwner(path)).rejects.toEqual(error);
  });
});

test('10 MB, and a sparse terabyte, are not read', () => {
  writeFileSync(path, '4321\n');
  for (const size of [10 * 2 ** 20, 2 ** 40]) {
    truncateSync(path, size);
    expect(() => readPidfile(path)).toThrow(/has more than 4096 bytes/);
  }
});

test('4,096 bytes are enough', () => {
  writeFileSync(path, `4321\n${'x'.repeat(4_091)}`);
  expect(readPidfile(path)?.pid).toBe(4321);
});

test('unknown members of the JSON line are left out, null is no member', () => {
  writeFileSync(path, '4321\n{"later":1,"info":{"a":null}}\n');
  expect(readPidfile(path)).toEqual({ pid: 4321, origin: 'unknown', info: { a: null } });
});

describe('what is no file of bytes is named, and never waited for', () => {
  const refused = async (what: RegExp): Promise<void> => {
    expect(() => readPidfile(path)).toThrow(what);
    expect(() => Pidfile.open(path)).toThrow(what);
    await expect(pinPidfileOwner(path)).rejects.toThrow(what);
  };

  test('a directory', async () => {
    mkdirSync(path);
    await refused(/ERR_OSX_INVALID_PIDFILE: the pidfile is a directory/);
  });

  test('a FIFO', async () => {
    spawnSync('mkfifo', [path]);
    await refused(/is a FIFO/);
  });

  test('a socket', async () => {
    const server = createServer().listen(path);
    await new Promise((resolve) => server.once('listening', resolve));
    await refused(/is a socket/);
    await new Promise((resolve) => server.close(resolve));
  });

  test.each(['/dev/null', '/dev/zero'])('%s', async (device) => {
    path = device;
    await refused(/is a device/);
  });

  test('a symbolic link: read through, never locked through', async () => {
    writeFileSync(join(directory.path, 'target'), '4321\n');
    symlinkSync('target', path);
    expect(readPidfile(path)?.pid).toBe(4321);
    expect(() => Pidfile.open(path)).toThrow(expect.objectContaining({ code: 'ELOOP', path }));
    await expect(pinPidfileOwner(path)).rejects.toMatchObject({ code: 'ESRCH' });
  });

  test('a dangling symbolic link: nothing, and nothing is created where it leads', () => {
    symlinkSync('target', path);
    expect(readPidfile(path)).toBe(null);
    expect(() => Pidfile.open(path)).toThrow(expect.objectContaining({ code: 'ELOOP' }));
    expect(statSync(join(directory.path, 'target'), { throwIfNoEntry: false })).toBe(undefined);
  });

  test('a loop of symbolic links', () => {
    symlinkSync('job.pid', path);
    expect(() => readPidfile(path)).toThrow(expect.objectContaining({ code: 'ELOOP', path }));
  });

  test('a symbolic link to a device', () => {
    symlinkSync('/dev/zero', path);
    expect(() => readPidfile(path)).toThrow(/is a device/);
  });
});

needs('root', 'unprivileged-user').test('a file that may not be read', async () => {
  writeFileSync(path, '1\n', { mode: 0o600 });
  const { stdout } = await runFixture(new URL('fixtures/pin.ts', import.meta.url), [path], asUnprivilegedUser);
  expect(JSON.parse(stdout)).toMatchObject({ code: 'EACCES' });
});

test('paths of every kind, and no descriptor is left', () => {
  writeFileSync(path, '4321\n');
  const before = openFds();
  for (const kind of [path, Buffer.from(path), pathToFileURL(path)]) expect(readPidfile(kind)?.pid).toBe(4321);
  writeFileSync(path, 'x');
  expect(() => readPidfile(path)).toThrow(/begin with a pid/);
  expect(() => readPidfile('/dev/null')).toThrow(/is a device/);
  expectNoNewFds(before);
});

test('told apart: this boot and namespace, another boot, another namespace, who knows', () => {
  using pidfile = Pidfile.open(path);
  pidfile.tryLock();
  pidfile.write();
  const { bootId, pidNamespace, ...rest } = pidfile.read() ?? { pid: 0 };
  expect(rest).toMatchObject({ pid: process.pid, origin: 'here' });
  const originOf = (facts: object) => {
    writeFileSync(`${path}.2`, `4321\n${JSON.stringify(facts)}\n`);
    return readPidfile(`${path}.2`)?.origin;
  };
  expect(originOf({ bootId, pidNamespace })).toBe('here');
  expect(originOf({ bootId: 'd0a1', pidNamespace })).toBe('other-boot');
  expect(originOf({ bootId, pidNamespace: '1' })).toBe('other-pid-namespace');
  expect(originOf({ bootId })).toBe('unknown');
  expect(originOf({ pidNamespace })).toBe('unknown');
});
