import { constants, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { expectNoNewFds, openFds, runTool, temporaryDirectory } from '@osx/test-support';
import { expect, test } from 'vitest';

import { open } from '@osx/fds';

test.each([
  ['a string', (path: string) => path],
  ['bytes', (path: string) => Buffer.from(path)],
  ['a URL', (path: string) => pathToFileURL(path)],
])('the path may be %s', async (_name, convert) => {
  using directory = temporaryDirectory();
  const path = join(directory.path, 'a file');
  writeFileSync(path, 'content');
  using fd = open(convert(path));
  const bytes = Buffer.alloc(20);
  expect(bytes.toString('utf8', 0, await fd.read(bytes))).toBe('content');
});

test('a name that is not UTF-8 is opened byte for byte', () => {
  using directory = temporaryDirectory();
  const path = Buffer.concat([Buffer.from(`${directory.path}/`), Buffer.from([0xff, 0xfe])]);
  open(path, 'wx').close();
  expect(statSync(path).isFile()).toBe(true);
});

test('flags as numbers and as words mean the same', async () => {
  using directory = temporaryDirectory();
  const path = join(directory.path, 'f');
  {
    using created = open(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL);
    await created.writeAll('one');
  }
  expect(() => open(path, 'wx')).toThrow(expect.objectContaining({ code: 'EEXIST', path }));
  {
    using appended = open(path, 'a');
    await appended.writeAll(' two');
  }
  expect(readFileSync(path, 'utf8')).toBe('one two');
  open(path, 'w').close();
  expect(statSync(path).size).toBe(0);
});

test('the mode of a new file is masked by the umask', () => {
  using directory = temporaryDirectory();
  // The umask read without changing it, as process.umask() would.
  const mask = Number.parseInt(/^Umask:\s*(\d+)$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] as string, 8);
  open(join(directory.path, 'number'), 'w', 0o640).close();
  open(join(directory.path, 'options'), 'w', { mode: 0o600 }).close();
  open(join(directory.path, 'default'), 'w').close();
  expect(statSync(join(directory.path, 'number')).mode & 0o777).toBe(0o640 & ~mask);
  expect(statSync(join(directory.path, 'options')).mode & 0o777).toBe(0o600 & ~mask);
  expect(statSync(join(directory.path, 'default')).mode & 0o777).toBe(0o666 & ~mask);
});

test('a failed open leaves nothing open', () => {
  const before = openFds();
  expect(() => open('/no/such')).toThrow(expect.objectContaining({ code: 'ENOENT' }));
  expectNoNewFds(before);
});

test('a FIFO opened nonblocking waits for its first writer in the event loop', async () => {
  using directory = temporaryDirectory();
  const path = join(directory.path, 'fifo');
  runTool('mkfifo', [path]);
  expect(() => open(path, 'w', { nonblocking: true })).toThrow(expect.objectContaining({ code: 'ENXIO' }));
  using reader = open(path, 'r', { nonblocking: true });
  const bytes = Buffer.alloc(10);
  const reading = reader.read(bytes);
  await expect(reader.read(bytes, { timeoutMs: 20 })).rejects.toMatchObject({ code: 'ETIMEDOUT' });
  {
    using writer = open(path, 'w', { nonblocking: true });
    await writer.writeAll('hi');
    expect(await reading).toBe(2);
  }
  expect(await reader.read(bytes)).toBe(0);
});
