import {
  chmodSync,
  chownSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

import { createAtomicWriteStream } from '@osx/atomics';
import { getxattr, listxattr, setxattr } from '@osx/linux/xattr';
import { asUnprivilegedUser, hasCapability, needs, temporaryDirectory } from '@osx/test-support';
import { describe, expect, test } from 'vitest';

import { inChild } from './in-child.ts';
import { twins } from './twins.ts';

const mode = (path: string): number => statSync(path).mode & 0o7777;
const ACCESS = 'system.posix_acl_access';
const DEFAULT = 'system.posix_acl_default';

/** The bytes of an ACL: `[tag, permissions, id?]` entries in the kernel's order. */
function acl(...entries: [tag: number, permissions: number, id?: number][]): Buffer {
  const bytes = Buffer.alloc(4 + entries.length * 8);
  bytes.writeUInt32LE(2);
  for (const [index, [tag, permissions, id = 0xffff_ffff]] of entries.entries()) {
    bytes.writeUInt16LE(tag, 4 + index * 8);
    bytes.writeUInt16LE(permissions, 6 + index * 8);
    bytes.writeUInt32LE(id, 8 + index * 8);
  }
  return bytes;
}

describe.each(['writeFileAtomic', 'writeFileAtomicSync'])('%s', (name) => {
  test('a new file honours the umask', async () => {
    using directory = temporaryDirectory();
    const expected: [umask: number, mode: number][] = [
      [0o022, 0o644],
      [0o077, 0o600],
      [0o000, 0o666],
      [0o777, 0o000],
      [0o277, 0o400],
    ];
    const path = (umask: number): string => join(directory.path, umask.toString(8));
    await inChild({
      calls: expected.flatMap(([umask]) => [
        ['setUmask', umask],
        [name, path(umask), 'x'],
      ]),
    });
    for (const [umask, bits] of expected) expect(mode(path(umask))).toBe(bits);
  });

  test('an old file keeps its mode', async () => {
    using directory = temporaryDirectory();
    const modes = [0o600, 0o644, 0o664, 0o755, 0o400, 0o000, 0o2755, 0o4755];
    const path = (bits: number): string => join(directory.path, bits.toString(8));
    for (const bits of modes) {
      writeFileSync(path(bits), 'old');
      chmodSync(path(bits), bits);
    }
    await inChild({ calls: [['setUmask', 0o027], ...modes.map((bits) => [name, path(bits), 'new'])] });
    for (const bits of modes) {
      expect(mode(path(bits))).toBe(bits);
      expect(statSync(path(bits)).size).toBe(3);
    }
  });

  test('an explicit mode is exact, for new files and for old ones; preserve: false makes a new file', async () => {
    using directory = temporaryDirectory();
    const path = join(directory.path, 'file');
    const write = (options: object): unknown[] => [name, path, 'x', options];
    for (const bits of [0o666, 0o640, 0o600]) {
      await inChild({ calls: [['setUmask', 0o077], write({ mode: bits })] });
      expect(mode(path)).toBe(bits);
    }
    await inChild({ calls: [['setUmask', 0o022], write({ preserve: false })] });
    expect(mode(path)).toBe(0o644);
  });
});

describe.each(twins)('%s', (_name, write) => {
  needs('root').test('an old file keeps owner and group, and set-id bits with them', async () => {
    using directory = temporaryDirectory();
    const path = join(directory.path, 'file');
    writeFileSync(path, 'old');
    chownSync(path, 1234, 2345);
    chmodSync(path, 0o6755);
    await write(path, 'new');
    expect(statSync(path)).toMatchObject({ uid: 1234, gid: 2345 });
    expect(mode(path)).toBe(0o6755);
    await write(path, 'new', { preserve: ['mode'] });
    expect(statSync(path)).toMatchObject({ uid: 0, gid: 0 });
  });

  needs('root').test('a directory that hands its group on does not change the group of an old file', async () => {
    using directory = temporaryDirectory();
    const path = join(directory.path, 'file');
    writeFileSync(path, 'old', { mode: 0o660 });
    chownSync(directory.path, 0, 4321);
    chmodSync(directory.path, 0o2700);
    await write(path, 'new');
    expect(statSync(path).gid).toBe(0);
    await write(join(directory.path, 'fresh'), 'new');
    expect(statSync(join(directory.path, 'fresh')).gid).toBe(4321);
  });

  needs('root').test('an explicit owner', async () => {
    using directory = temporaryDirectory();
    const path = join(directory.path, 'file');
    await write(path, 'x', { uid: 1000, gid: 1001, mode: 0o640 });
    expect(statSync(path)).toMatchObject({ uid: 1000, gid: 1001 });
    expect(mode(path)).toBe(0o640);
    await write(path, 'x', { gid: 7 });
    expect(statSync(path)).toMatchObject({ uid: 1000, gid: 7 });
  });

  needs('linux').test('extended attributes are kept, content-bound ones and rights are not', async () => {
    using directory = temporaryDirectory();
    const path = join(directory.path, 'file');
    writeFileSync(path, 'old');
    setxattr(path, 'user.comment', 'kept');
    setxattr(path, 'user.empty', '');
    if (hasCapability('root'))
      setxattr(path, 'security.capability', Buffer.from('0100000200040000000000000000000000000000', 'hex'));
    await write(path, 'new');
    expect(getxattr(path, 'user.comment')?.toString()).toBe('kept');
    expect(getxattr(path, 'user.empty')).toEqual(Buffer.alloc(0));
    expect(getxattr(path, 'security.capability')).toBe(null);
    await write(path, 'new', { preserve: ['mode', 'owner'] });
    expect(listxattr(path).filter((name) => name.startsWith('user.'))).toEqual([]);
  });

  needs('linux').test('an ACL is kept, and none comes from the directory onto a file that had none', async () => {
    using directory = temporaryDirectory();
    const path = join(directory.path, 'file');
    writeFileSync(path, 'old', { mode: 0o640 });
    const named = acl([1, 6], [2, 4, 1234], [4, 4], [0x10, 4], [0x20, 0]);
    setxattr(path, ACCESS, named);
    await write(path, 'new');
    expect(getxattr(path, ACCESS)).toEqual(named);
    expect(mode(path)).toBe(0o640);

    const plain = join(directory.path, 'plain');
    writeFileSync(plain, 'old');
    chmodSync(plain, 0o644);
    setxattr(directory.path, DEFAULT, acl([1, 7], [2, 7, 1234], [4, 5], [0x10, 7], [0x20, 0]));
    await write(plain, 'new');
    expect(getxattr(plain, ACCESS)).toBe(null);
    expect(mode(plain)).toBe(0o644);
  });

  needs('linux').test('a new file gets what the default ACL of its directory says, as from open(2)', async () => {
    using directory = temporaryDirectory();
    setxattr(directory.path, DEFAULT, acl([1, 7], [2, 7, 1234], [4, 5], [0x10, 6], [0x20, 0]));
    const [made, written] = [join(directory.path, 'made'), join(directory.path, 'written')];
    writeFileSync(made, '');
    await write(written, '');
    expect(mode(written)).toBe(mode(made));
    expect(getxattr(written, ACCESS)).toEqual(getxattr(made, ACCESS));
  });
});

needs('unprivileged-user').describe('as another user', () => {
  const calls = ['writeFileAtomic', 'writeFileAtomicSync'];

  test.each(calls)('%s: the owner is kept as far as permitted, and no new group may read', async (name) => {
    using directory = temporaryDirectory('osx-test', { mode: 0o777 });
    const path = join(directory.path, 'file');
    writeFileSync(path, 'old');
    chownSync(path, 0, 0);
    chmodSync(path, 0o6664);
    expect(await inChild({ calls: [[name, path, 'x']] }, asUnprivilegedUser)).toEqual([{}]);
    expect(statSync(path)).toMatchObject({ uid: asUnprivilegedUser.uid, gid: asUnprivilegedUser.gid });
    // root's group could write; nobody's group, which could only read before, must not.
    expect(mode(path)).toBe(0o644);
  });

  test.each(calls)('%s: an explicit owner that is not permitted fails, and nothing is left', async (name) => {
    using directory = temporaryDirectory('osx-test', { mode: 0o777 });
    const path = join(directory.path, 'file');
    writeFileSync(path, 'old');
    const [answer] = await inChild({ calls: [[name, path, 'x', { uid: 0 }]] }, asUnprivilegedUser);
    expect(answer).toMatchObject({ code: 'EPERM', message: `EPERM: operation not permitted, fchown '${path}'` });
    expect(readFileSync(path, 'utf8')).toBe('old');
    expect(readdirSync(directory.path)).toEqual(['file']);
  });

  test.each(calls)('%s: a directory without write permission is EACCES', async (name) => {
    using directory = temporaryDirectory('osx-test', { mode: 0o755 });
    const [answer] = await inChild({ calls: [[name, join(directory.path, 'file'), 'x']] }, asUnprivilegedUser);
    expect(answer).toMatchObject({ code: 'EACCES' });
  });

  test.each(calls)('%s: full needs a directory that can be read, and says so before the commit', async (name) => {
    using directory = temporaryDirectory('osx-test', { mode: 0o733 });
    const path = join(directory.path, 'file');
    const [full, file] = await inChild(
      {
        calls: [
          [name, path, 'x'],
          [name, path, 'x', { durability: 'file' }],
        ],
      },
      asUnprivilegedUser,
    );
    expect(full).toMatchObject({ code: 'EACCES' });
    expect(file).toEqual({});
    expect(readdirSync(directory.path)).toEqual(['file']);
  });
});

test('until the end the temporary is for its writer alone', async () => {
  using directory = temporaryDirectory();
  const path = join(directory.path, 'file');
  writeFileSync(path, 'old');
  chmodSync(path, 0o666);
  const stream = createAtomicWriteStream(path, { durability: 'none' });
  await new Promise((resolve) => stream.write('half', resolve));
  const [temporary] = readdirSync(directory.path).filter((name) => name !== 'file');
  const stats = lstatSync(join(directory.path, temporary as string));
  expect(stats.mode & 0o7777).toBe(0o600);
  expect(stats.isFile()).toBe(true);
  await new Promise((resolve) => stream.end(resolve));
  expect(mode(path)).toBe(0o666);
});

test('a relative path stays where it was meant when the directory changes meanwhile', async () => {
  using directory = temporaryDirectory();
  mkdirSync(join(directory.path, 'a'));
  symlinkSync('a', join(directory.path, 'b'));
  const cwd = join(directory.path, 'b');
  expect(await inChild({ cwd, calls: [['writeAndChangeDirectory', '../file', 'x', '/']] })).toEqual([{}]);
  expect(readFileSync(join(directory.path, 'file'), 'utf8')).toBe('x');
  expect(readdirSync(directory.path).toSorted()).toEqual(['a', 'b', 'file']);
});
