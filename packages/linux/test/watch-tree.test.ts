import { watchTree } from '@osx/linux/inotify';
import { afterEach, describe, expect, test, vi } from 'vitest';

import { byteStringToPath, byteStringToText, toByteString } from '../src/internal/byte-name.ts';
import { DirectoryNode } from '../src/internal/directory-node.ts';
import { ReportClock } from '../src/internal/report-clock.ts';
import { treeIgnoreRule } from '../src/internal/tree-ignore.ts';

test.each<[string, unknown, string]>([
  ['root', 1, 'ERR_INVALID_ARG_TYPE'],
  ['root', '', 'ERR_INVALID_ARG_VALUE'],
  ['root', 'a\0b', 'ERR_INVALID_ARG_VALUE'],
])('a bad %s (%j) is refused before any system call', (_name, root, code) => {
  expect(() => watchTree(root as string)).toThrow(expect.objectContaining({ code }));
});

test.each<[string, object, string]>([
  ['options.ignore', { ignore: 'node_modules' }, 'ERR_INVALID_ARG_TYPE'],
  ['options.ignore[1]', { ignore: ['a', 1] }, 'ERR_INVALID_ARG_TYPE'],
  ['options.ignore[0]', { ignore: ['../a'] }, 'ERR_INVALID_ARG_VALUE'],
  ['options.ignore[0]', { ignore: ['/a'] }, 'ERR_INVALID_ARG_VALUE'],
  ['options.ignore[0]', { ignore: ['a//b'] }, 'ERR_INVALID_ARG_VALUE'],
  ['options.ignore[0]', { ignore: [''] }, 'ERR_INVALID_ARG_VALUE'],
  ['options.emitExisting', { emitExisting: 1 }, 'ERR_INVALID_ARG_TYPE'],
  ['options.modify', { modify: 'yes' }, 'ERR_INVALID_ARG_TYPE'],
  ['options.attributes', { attributes: null }, 'ERR_INVALID_ARG_TYPE'],
  ['options.onEvent', { onEvent: {} }, 'ERR_INVALID_ARG_TYPE'],
  ['options.onError', { onError: {} }, 'ERR_INVALID_ARG_TYPE'],
  ['options.maxBufferedEvents', { maxBufferedEvents: 16 }, 'ERR_OUT_OF_RANGE'],
  ['options.signal', { signal: {} }, 'ERR_INVALID_ARG_TYPE'],
])('a bad %s %j is refused, and named', (name, options, code) => {
  expect(() => watchTree('/nonexistent', options)).toThrow(expect.objectContaining({ code }));
  expect(() => watchTree('/nonexistent', options)).toThrow(name);
});

test.each([
  ['/nonexistent', 'ENOENT'],
  ['/dev/null', 'ENOTDIR'],
  ['/dev/null/x', 'ENOTDIR'],
])('a root that cannot be watched: %s is %s, with its path', (root, code) => {
  expect(() => watchTree(root)).toThrow(expect.objectContaining({ code, path: root }));
});

test('iterating a watcher that has a callback is refused', () => {
  using watcher = watchTree('/tmp', { onEvent: () => {}, ignore: () => true });
  expect(() => watcher.events()).toThrow(expect.objectContaining({ code: 'ERR_INVALID_ARG_VALUE' }));
});

test('byte strings: text that is UTF-8 comes back, other bytes stay', () => {
  for (const text of ['', 'plain', 'é', '日本', '😀/x']) {
    expect(byteStringToText(toByteString(text))).toBe(text);
    expect(Buffer.from(byteStringToPath(toByteString(text))).toString()).toBe(text);
  }
  const bytes = Buffer.from([0x2f, 0xff, 0x00, 0x80, 0x41]);
  expect(byteStringToPath(toByteString(bytes))).toEqual(bytes);
});

describe('paths of directories', () => {
  const root = new DirectoryNode(undefined, '');
  const a = new DirectoryNode(root, 'a');
  const b = new DirectoryNode(a, 'b');

  test('follow every rename above', () => {
    expect([root.path, a.path, b.path, b.pathOf('f'), root.pathOf('f')]).toEqual(['', 'a', 'a/b', 'a/b/f', 'f']);
    a.moveTo(root, 'z');
    expect(b.pathOf('f')).toBe('z/b/f');
    expect([root.contains(b), a.contains(b), b.contains(b), b.contains(a)]).toEqual([true, true, true, false]);
  });

  test('are what the list of names and paths is asked by', () => {
    const rule = treeIgnoreRule(['b', 'z/c', 'é']);
    expect(rule?.dependsOnPath).toBe(true);
    expect(rule?.test(root, 'b', false)).toBe(true);
    expect(rule?.test(a, 'b', true)).toBe(true);
    expect(rule?.test(a, 'c', true)).toBe(true);
    expect(rule?.test(root, 'c', true)).toBe(false);
    expect(rule?.test(root, toByteString('é'), true)).toBe(true);
    expect(treeIgnoreRule(['a'])?.dependsOnPath).toBe(false);
    expect(treeIgnoreRule([])).toBeUndefined();
  });
});

describe('ReportClock', () => {
  afterEach(() => void vi.restoreAllMocks());

  test('a ctime after the report, or as good as, is a change; one well before is not', () => {
    const start = 1_700_000_000_000;
    const now = vi.spyOn(Date, 'now').mockReturnValue(start);
    const monotonic = vi.spyOn(performance, 'now').mockReturnValue(0);
    const clock = new ReportClock();
    expect(clock.now).toBe(0);
    now.mockReturnValue(start + 100_000);
    monotonic.mockReturnValue(100_000);
    clock.advance();
    const report = clock.now;
    expect(clock.mayHaveChanged(report, start + 100_001)).toBe(true);
    expect(clock.mayHaveChanged(report, start + 99_990)).toBe(true);
    expect(clock.mayHaveChanged(report, start + 90_000)).toBe(false);
    expect(clock.mayHaveChanged(0, start + 90_000)).toBe(true);
    // The clock is set back by a minute: what is written now bears a time before the report.
    now.mockReturnValue(start + 41_000);
    monotonic.mockReturnValue(101_000);
    clock.advance();
    expect(clock.now).toBe(report);
    expect(clock.mayHaveChanged(report, start + 41_000)).toBe(true);
    expect(clock.mayHaveChanged(report, start + 39_000)).toBe(false);
  });
});
