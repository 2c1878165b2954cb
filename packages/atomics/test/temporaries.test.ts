import { expect, test } from 'vitest';

import { modeOfAcl } from '../src/internal/default-acl.ts';
import { checkFilePath, joinPath, splitPath, withoutTrailingSlashes } from '../src/internal/file-path.ts';
import { isLocalFileSystem } from '../src/internal/is-local-file-system.ts';
import { judgeWriter } from '../src/internal/judge-writer.ts';
import { ownIdentity, parseProcessStat } from '../src/internal/process-identity.ts';
import { parseTemporaryName, temporaryName } from '../src/internal/temporary-name.ts';

const INITIAL = '1ulajuk';

test('a name is hidden, shows its target and its writer, and fits every file system', () => {
  for (const target of ['settings.json', 'ü'.repeat(120), '😀'.repeat(60), 'n'.repeat(255), Buffer.alloc(255, 0xff)]) {
    const name = temporaryName(target);
    expect(Buffer.from(name as string).length).toBeLessThanOrEqual(143);
    expect(parseTemporaryName(Buffer.from(name as string).toString('latin1'))).toEqual(ownIdentity());
  }
  expect(temporaryName('settings.json')).toMatch(/^\.settings\.json\.[0-9a-f]{32}\./);
});

test('no two names are alike', () => {
  const names = new Set(Array.from({ length: 10_000 }, () => temporaryName('x')));
  expect(names.size).toBe(10_000);
});

test.each(['', '.', 'file', '.file.osx-tmp', '.file.0123.x-x-x-1-1.osx-tmp', `.${'0'.repeat(32)}.x-x-x-1-1.osx-tmp`])(
  '%j is none of ours',
  (name) => {
    expect(parseTemporaryName(name)).toBe(undefined);
  },
);

test('another boot is proof only outside of containers and on a file system of this machine', () => {
  const own = { boot: 'aaaaaaaaaaaa', pidNamespace: INITIAL, timeNamespace: 't', pid: 1, startTime: '1' };
  const writer = { ...own, boot: 'bbbbbbbbbbbb' };
  expect(judgeWriter(writer, true, own)).toBe('dead');
  expect(judgeWriter(writer, false, own)).toBe('foreign');
  expect(judgeWriter({ ...writer, pidNamespace: 'c' }, true, own)).toBe('foreign');
  expect(judgeWriter(writer, true, { ...own, pidNamespace: 'c' })).toBe('foreign');
  expect(isLocalFileSystem({ type: 0xef53 })).toBe(true);
  expect(isLocalFileSystem({ type: 0x6969 })).toBe(false);
});

test('the fields of /proc/PID/stat behind any process name', () => {
  const tail = Array.from({ length: 50 }, (_, index) => String(index + 4)).join(' ');
  expect(parseProcessStat(`12 (a) b) R ${tail}`)).toEqual({ state: 'R', threads: 20, startTime: '22' });
});

test('paths are split and joined byte by byte', () => {
  expect(splitPath('/a/b')).toEqual({ prefix: '/a/', name: 'b' });
  expect(splitPath('b')).toEqual({ prefix: '', name: 'b' });
  const bytes = Buffer.from([0x2f, 0xff, 0x2f, 0xfe]);
  const { prefix, name } = splitPath(bytes);
  expect(joinPath(prefix, name)).toEqual(bytes);
  expect(withoutTrailingSlashes('/a//')).toBe('/a');
  expect(withoutTrailingSlashes('//')).toBe('/');
  expect(checkFilePath('path', Buffer.from('/tmp/ü'))).toBe('/tmp/ü');
  expect(checkFilePath('path', 'a/../b')).toBe(`${process.cwd()}/a/../b`);
});

test('the mode of an ACL: the mask stands for the group', () => {
  const entry = (tag: number, permissions: number): number[] => [tag, 0, permissions, 0, 255, 255, 255, 255];
  const header = [2, 0, 0, 0];
  expect(modeOfAcl(Buffer.from([...header, ...entry(1, 7), ...entry(4, 5), ...entry(0x20, 1)]))).toBe(0o751);
  const masked = [...header, ...entry(1, 6), ...entry(2, 7), ...entry(4, 7), ...entry(0x10, 4), ...entry(0x20, 0)];
  expect(modeOfAcl(Buffer.from(masked))).toBe(0o640);
});
