import { linuxConstantsFor } from '@osx/native-ffi';
import * as inotify from '@osx/linux/inotify';
import { inotifyMaskNames } from '@osx/linux/inotify';
import { expect, test } from 'vitest';

const exported = Object.entries(inotify).filter(([name]) => name.startsWith('IN_')) as [string, number][];

test.each(['x64', 'arm64'] as const)('every exported constant is the one that the headers of %s have', (arch) => {
  const headers = linuxConstantsFor(arch) as unknown as Record<string, number>;
  const expected = Object.entries(headers).filter(
    ([name]) => name.startsWith('IN_') && !['IN_NONBLOCK', 'IN_CLOEXEC'].includes(name),
  );
  expect(Object.fromEntries(exported)).toEqual(Object.fromEntries(expected));
});

test('a mask has the names of its bits, in order, and joined they are the mask again', () => {
  expect(inotifyMaskNames(0)).toEqual([]);
  expect(inotifyMaskNames(inotify.IN_ONESHOT | inotify.IN_MOVE)).toEqual([
    'IN_MOVED_FROM',
    'IN_MOVED_TO',
    'IN_ONESHOT',
  ]);
  expect(inotifyMaskNames(inotify.IN_CLOSE)).toEqual(['IN_CLOSE_WRITE', 'IN_CLOSE_NOWRITE']);
  for (let bit = 0; bit < 32; bit += 1) {
    const names = inotifyMaskNames((1 << bit) >>> 0);
    const known = exported.some(([, value]) => value === (1 << bit) >>> 0);
    expect(names).toHaveLength(known ? 1 : 0);
    for (const name of names) expect(inotify[name]).toBe((1 << bit) >>> 0);
  }
});
