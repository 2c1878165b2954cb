import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  constants,
  existsSync,
  fchmodSync,
  ftruncateSync,
  openSync,
  closeSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  readSync,
  statSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';

import { isCloseOnExec, pipe } from '@osx/fds';
import { addSeals, getSeals, MemFd, memfdCreate, type Seal } from '@osx/linux/memfd';
import {
  assertHeadersAgree,
  asUnprivilegedUser,
  expectNoNewFds,
  needs,
  openFds,
  runFixture,
  runTool,
  temporaryDirectory,
} from '@osx/test-support';
import { afterAll, beforeAll, describe, expect } from 'vitest';

import { MFD_ALLOW_SEALING, MFD_CLOEXEC, MFD_HUGE_SHIFT, MFD_HUGETLB, SEALS } from '../src/internal/memfd-constants.ts';

const { test } = needs('linux');
const probe = new URL('fixtures/limits-probe.ts', import.meta.url);

let before: ReturnType<typeof openFds>;
beforeAll(() => {
  MemFd.fromBytes('').close();
  before = openFds();
});
afterAll(() => expectNoNewFds(before));

/** Runs Python with a descriptor as its number 3. */
function python(script: string, fd?: number): string {
  const child = spawnSync('python3', ['-c', script], {
    stdio: ['ignore', 'pipe', 'pipe', fd ?? 'ignore'],
    encoding: 'utf8',
  });
  expect(child.stderr).toBe('');
  return child.stdout.trim();
}

function code(action: () => unknown): string {
  try {
    action();
    return 'done';
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? String(error);
  }
}

describe('memfdCreate', () => {
  test('is close-on-exec, empty, and stands under its name in /proc', () => {
    using memfd = memfdCreate('a name');
    expect(readlinkSync(memfd.path)).toBe('/memfd:a name (deleted)');
    expect([memfd.size, memfd.name, memfd.number]).toEqual([0, 'a name', memfd.fd]);
    expect(isCloseOnExec(memfd)).toBe(true);
    const flags = /^flags:\t(\d+)$/m.exec(readFileSync(`/proc/self/fdinfo/${memfd.fd}`, 'latin1'))?.[1];
    expect(parseInt(flags ?? '', 8) & (constants.O_RDWR | 0o2000000)).toBe(constants.O_RDWR | 0o2000000);
  });

  test.each([
    ['of 249 bytes', Buffer.alloc(249, 'n')],
    ['of 249 bytes and fewer characters', Buffer.from('é'.repeat(124) + 'n')],
    ['that is empty', Buffer.alloc(0)],
    ['that is not UTF-8', Buffer.from([0xff, 0x2f, 0x80])],
  ])('takes a name %s', (_name, name) => {
    using memfd = memfdCreate(name);
    const link = readlinkSync(memfd.path, { encoding: 'buffer' });
    expect(link).toEqual(Buffer.concat([Buffer.from('/memfd:'), name, Buffer.from(' (deleted)')]));
    expect(memfd.name).toBe(name.toString());
  });

  test('write and read go by position and leave the position of the file alone', () => {
    using memfd = memfdCreate('data');
    memfd.write('hello');
    memfd.write(new Uint16Array([0x4241]), 5);
    memfd.write('', 100);
    expect([memfd.size, memfd.read().toString()]).toEqual([7, 'helloAB']);
    expect(memfd.read(3, { sizeBytes: 2 }).toString()).toBe('lo');
    expect(memfd.read(5, { sizeBytes: Number.MAX_SAFE_INTEGER }).toString()).toBe('AB');
    expect(memfd.read(7)).toEqual(Buffer.alloc(0));
    expect(memfd.read(1000)).toEqual(Buffer.alloc(0));
    memfd.write('far', 10);
    expect(memfd.read(7)).toEqual(Buffer.from('\0\0\0far'));
    const first = Buffer.alloc(5);
    expect(readSync(memfd.fd, first)).toBe(5);
    expect(first.toString()).toBe('hello');
    memfd.truncate(2);
    expect(memfd.read().toString()).toBe('he');
  });

  test('a closed one is EBADF, and closing again nothing', () => {
    const memfd = memfdCreate('gone');
    memfd.close();
    memfd.close();
    expect(memfd.isClosed).toBe(true);
    const uses = [
      () => memfd.fd,
      () => memfd.number,
      () => memfd.path,
      () => memfd.size,
      () => memfd.seals,
      () => memfd.addSeals(['write']),
      () => memfd.write('x'),
      () => memfd.read(),
      () => memfd.truncate(0),
      () => memfd.reopen(),
      () => getSeals(memfd),
    ];
    for (const use of uses) expect(code(use)).toBe('EBADF');
    expect(() => memfd.fd).toThrow('the memfd is closed');
  });

  test('reopened it has a position of its own and is read-only unless asked', () => {
    using memfd = memfdCreate('data', { sealable: true });
    writeSync(memfd.fd, 'moved the position');
    using reader = memfd.reopen();
    expect(readFileSync(reader.number, 'utf8')).toBe('moved the position');
    expect(isCloseOnExec(reader)).toBe(true);
    expect(code(() => writeSync(reader.number, 'x'))).toBe('EBADF');
    expect(() => addSeals(reader, ['write'])).toThrow(
      expect.objectContaining({ code: 'EPERM', message: expect.stringContaining('open for writing') }),
    );
    using writer = memfd.reopen({ writable: true });
    writeSync(writer.number, 'M');
    expect(memfd.read(0, { sizeBytes: 3 }).toString()).toBe('Mov');
  });

  test('huge pages: for mapping, not for writing', () => {
    const sizes = existsSync('/sys/kernel/mm/hugepages') ? readdirSync('/sys/kernel/mm/hugepages') : [];
    const [first] = sizes.map((name) => 1024 * parseInt(name.slice('hugepages-'.length), 10));
    if (first === undefined) {
      expect(code(() => memfdCreate('huge', { hugetlb: true }))).toBe('ENOTSUP');
      return;
    }
    using memfd = memfdCreate('huge', { hugetlb: first, sealable: true });
    expect([statSync(memfd.path).blksize, memfd.seals]).toEqual([first, []]);
    expect(code(() => memfd.write('x'))).toBe('EINVAL');
    expect(code(() => memfd.truncate(1))).toBe('EINVAL');
    memfd.truncate(first);
    expect(memfd.size).toBe(first);
    using usual = memfdCreate('huge', { hugetlb: true });
    expect(statSync(usual.path).blksize).toBeGreaterThan(4096);
    expect(sizes).not.toContain('hugepages-16777216kB');
    expect(code(() => memfdCreate('huge', { hugetlb: 2 ** 34 }))).toBe('ENODEV');
  });
});

describe('seals', () => {
  const change = { write: 'done', grow: 'done', shrink: 'done' };
  test.each<[Seal, Record<string, string>]>([
    ['shrink', { ...change, shrink: 'EPERM' }],
    ['grow', { ...change, grow: 'EPERM' }],
    ['write', { write: 'EPERM', grow: 'EPERM', shrink: 'done' }],
    ['future-write', { write: 'EPERM', grow: 'EPERM', shrink: 'done' }],
    ['seal', change],
  ])('%s forbids just that, for good', (seal, expected) => {
    using memfd = memfdCreate('sealed', { sealable: true });
    memfd.write('0123456789');
    expect(memfd.seals).toEqual([]);
    memfd.addSeals([seal]);
    expect(memfd.seals).toEqual([seal]);
    expect({
      write: code(() => memfd.write('x')),
      grow: code(() => memfd.write('longer', 8)),
      shrink: code(() => memfd.truncate(1)),
    }).toEqual(expected);
    expect(code(() => memfd.addSeals(['shrink']))).toBe(seal === 'seal' ? 'EPERM' : 'done');
    expect(memfd.seals).toEqual(seal === 'seal' ? ['seal'] : [...new Set<Seal>(['shrink', seal])]);
  });

  test('a write over a sealed end fills what is there and fails for the rest', () => {
    using memfd = memfdCreate('full', { sealable: true });
    const page = 65_536;
    memfd.write(Buffer.alloc(page, 'a'));
    memfd.addSeals(['grow']);
    const data = Buffer.concat([Buffer.alloc(page, 'b'), Buffer.alloc(page, 'c')]);
    expect(code(() => memfd.write(data))).toBe('EPERM');
    expect(memfd.read().equals(data.subarray(0, page))).toBe(true);
  });

  test('one that was not made sealable is sealed against seals', () => {
    using memfd = memfdCreate('plain');
    expect(memfd.seals).toEqual(['seal']);
    expect(() => memfd.addSeals(['write'])).toThrow(
      expect.objectContaining({ code: 'EPERM', syscall: 'fcntl', message: expect.stringContaining('no more seals') }),
    );
    memfd.write('may change');
  });

  test('they are the kernel’s numbers in its order, whatever order they are given in', () => {
    using memfd = memfdCreate('order', { sealable: true });
    addSeals(memfd, ['write', 'grow']);
    addSeals(memfd.fd, ['grow']);
    expect(getSeals(memfd.fd)).toEqual(['grow', 'write']);
    expect(python('import fcntl; print(fcntl.fcntl(3, 1034))', memfd.fd)).toBe(String(SEALS.grow | SEALS.write));
  });

  test('a descriptor that cannot be sealed is EINVAL, also for a recent seal', () => {
    const { readEnd, writeEnd } = pipe();
    using reader = readEnd;
    using writer = writeEnd;
    for (const seal of ['write', 'exec'] as const) {
      expect(() => addSeals(writer, [seal])).toThrow(
        expect.objectContaining({ code: 'EINVAL', message: expect.stringContaining('cannot be sealed') }),
      );
    }
    expect(code(() => getSeals(reader))).toBe('EINVAL');
    expect(code(() => getSeals(2 ** 20))).toBe('EBADF');
    expect(code(() => addSeals(2 ** 20, ['write']))).toBe('EBADF');
  });

  needs('shm').test('a file of tmpfs is no memfd: it takes no seal', () => {
    using directory = temporaryDirectory('osx-memfd', { on: 'tmpfs' });
    const fd = openSync(join(directory.path, 'file'), 'w+');
    try {
      expect(getSeals(fd)).toEqual(['seal']);
      expect(code(() => addSeals(fd, ['write']))).toBe('EPERM');
    } finally {
      closeSync(fd);
    }
  });

  needs('python3').test('EBUSY while another process has a writable mapping, and no seal is added', async () => {
    using memfd = memfdCreate('mapped', { sealable: true });
    memfd.write('content');
    const script = `
import mmap, sys
writable = mmap.mmap(3, 0)
print('mapped', flush=True)
sys.stdin.readline()
writable[0:1] = b'C'
try:
    mmap.mmap(3, 0)
except PermissionError:
    print('no new one', flush=True)
`;
    const child = spawn('python3', ['-c', script], { stdio: ['pipe', 'pipe', 'inherit', memfd.fd] });
    const exited = once(child, 'close');
    const output: string[] = [];
    child.stdout?.setEncoding('utf8').on('data', (text: string) => output.push(text));
    await once(child.stdout as NodeJS.ReadableStream, 'data');
    expect(() => memfd.addSeals(['shrink', 'write'])).toThrow(
      expect.objectContaining({ code: 'EBUSY', message: expect.stringContaining('writable shared mapping') }),
    );
    expect(memfd.seals).toEqual([]);
    memfd.addSeals(['future-write']);
    expect(code(() => memfd.write('x'))).toBe('EPERM');
    child.stdin?.end('go\n');
    expect(await exited).toEqual([0, null]);
    expect(output.join('')).toBe('mapped\nno new one\n');
    expect(memfd.read().toString()).toBe('Content');
    memfd.addSeals(['write']);
    expect(memfd.seals).toEqual(['write', 'future-write']);
  });
});

describe('MemFd.fromBytes', () => {
  const trials = `
import fcntl, os
print(os.read(3, 100).decode(), fcntl.fcntl(3, 1034))
for trial in (lambda: os.write(3, b'x'), lambda: os.ftruncate(3, 1), lambda: os.ftruncate(3, 100), lambda: fcntl.fcntl(3, 1033, 16)):
    try:
        trial()
        print('done')
    except PermissionError:
        print('EPERM')
`;

  needs('python3').test('a child reads it whole and can change nothing; the seals are exactly journald’s', () => {
    using memfd = MemFd.fromBytes('one message', { seal: true });
    expect(python(trials, memfd.fd)).toBe('one message 15\nEPERM\nEPERM\nEPERM\nEPERM');
    expect(memfd.seals).toEqual(['seal', 'shrink', 'grow', 'write']);
    expect(memfd.read().toString()).toBe('one message');
  });

  needs('python3').test('unsealed it can be changed', () => {
    using memfd = MemFd.fromBytes('one message', { seal: false, name: 'open' });
    expect(python(trials, memfd.fd)).toBe('one message 1\ndone\ndone\ndone\nEPERM');
    expect(readlinkSync(memfd.path)).toBe('/memfd:open (deleted)');
  });

  test('bytes of every kind, and many of them', () => {
    const large = Buffer.alloc(5 * 1024 * 1024, 'osx');
    using memfd = MemFd.fromBytes(large);
    expect(memfd.read().equals(large)).toBe(true);
    using view = MemFd.fromBytes(new Uint8Array([1, 2, 3, 4]).subarray(1, 3));
    expect(view.read()).toEqual(Buffer.from([2, 3]));
    using none = MemFd.fromBytes(new ArrayBuffer(0));
    expect([none.size, none.seals.length]).toEqual([0, 4]);
  });

  needs('python3').test('a process that did not inherit it opens it by path; the path ends with the descriptor', () => {
    const memfd = MemFd.fromBytes('by path');
    const { path } = memfd;
    expect(runTool('python3', ['-c', 'import sys; print(open(sys.argv[1]).read(), end="")', path])).toBe('by path');
    memfd.close();
    expect(code(() => openSync(path, 'r'))).toBe('ENOENT');
  });

  needs('unprivileged-user').test('another user may not open it by path', async () => {
    using memfd = MemFd.fromBytes('by path');
    const { stdout } = await runFixture(probe, ['open-path', memfd.path], asUnprivilegedUser);
    expect(stdout).toBe('EACCES open\n');
  });
});

describe('exec', () => {
  needs('memfd-exec').test('a script and a binary are executed by path', () => {
    using script = memfdCreate('script', { exec: true });
    script.write('#!/bin/sh\necho "script ran $1"\n');
    expect(runTool(script.path, ['well'])).toBe('script ran well\n');
    using binary = memfdCreate('binary', { exec: true, sealable: true });
    binary.write(readFileSync('/bin/echo'));
    binary.addSeals(['write', 'exec', 'seal']);
    expect(runTool(binary.path, ['binary ran'])).toBe('binary ran\n');
    expect(binary.seals).toEqual(['seal', 'shrink', 'grow', 'write', 'future-write', 'exec']);
  });

  needs('memfd-exec').test('a sealed program runs, and one that may not run has the seal for it', () => {
    using program = MemFd.fromBytes('#!/bin/sh\necho sealed\n', { exec: true, name: 'program' });
    expect(runTool(program.path, [])).toBe('sealed\n');
    using data = MemFd.fromBytes('data', { exec: false });
    expect(data.seals).toEqual(['seal', 'shrink', 'grow', 'write', 'exec']);
  });

  needs('memfd-exec').test('exec: false can never be executed, and is sealable', () => {
    using memfd = memfdCreate('data', { exec: false });
    memfd.write('#!/bin/sh\necho ran\n');
    expect(spawnSync(memfd.path).error).toMatchObject({ code: 'EACCES' });
    expect(code(() => fchmodSync(memfd.fd, 0o777))).toBe('EPERM');
    expect(statSync(memfd.path).mode & 0o111).toBe(0);
    expect(memfd.seals).toEqual(['exec']);
    memfd.write('more', memfd.size);
    ftruncateSync(memfd.fd, 0);
    memfd.addSeals(['write']);
    expect(memfd.seals).toEqual(['write', 'exec']);
  });

  needs('root', 'pid-namespace', 'memfd-exec').test.each([
    ['1', 'default', '["exec"]'],
    ['1', 'executable', '["seal"]'],
    ['1', 'message', '["seal","shrink","grow","write","exec"]'],
    ['2', 'default', '["exec"]'],
    ['2', 'message', '["seal","shrink","grow","write","exec"]'],
    ['2', 'executable', 'EACCES memfd_create executable memfds are forbidden (sysctl vm.memfd_noexec = 2)'],
  ])('where vm.memfd_noexec is %s: %s', async (level, what, expected) => {
    const script = `echo ${level} > /proc/sys/vm/memfd_noexec && exec "$0" "$@"`;
    const prefix = ['unshare', '--pid', '--fork', '--mount-proc', 'sh', '-c', script];
    const { stdout, stderr } = await runFixture(probe, [what], { prefix });
    expect(stderr).toBe('');
    expect(stdout).toBe(`${expected}\n`);
  });
});

const known = { MFD_CLOEXEC, MFD_ALLOW_SEALING, MFD_HUGETLB, MFD_HUGE_SHIFT };
const claims = {
  headers: ['sys/mman.h', 'linux/memfd.h', 'fcntl.h'],
  constants: {
    ...known,
    F_SEAL_SEAL: SEALS.seal,
    F_SEAL_SHRINK: SEALS.shrink,
    F_SEAL_GROW: SEALS.grow,
    F_SEAL_WRITE: SEALS.write,
    F_SEAL_FUTURE_WRITE: SEALS['future-write'],
  },
};

// MFD_EXEC, MFD_NOEXEC_SEAL and F_SEAL_EXEC are younger than the headers of Debian 12: "exec" above proves them by effect.
needs('gcc').test('constants are those of the headers on x64', () => assertHeadersAgree(claims));
needs('arm64-gcc').test('constants are those of the headers on arm64', () =>
  assertHeadersAgree(claims, 'aarch64-linux-gnu-gcc'),
);
