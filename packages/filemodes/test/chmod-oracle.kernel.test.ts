import { spawnSync } from 'node:child_process';

import { describe, expect, test } from 'vitest';

import { formatPermissions } from '@osx/filemodes';
import { needs, runTool } from '@osx/test-support';

import { compareWithChmod } from './fixtures/compare-with-chmod.ts';

const isGnu = String(spawnSync('chmod', ['--version']).stdout).includes('GNU');

describe('chmod(1)', () => {
  test.runIf(isGnu)(
    '2,500 random modes, on seven files and directories each: the same permissions, the same refusals',
    () => {
      const seed = Math.trunc(Math.random() * 2 ** 31);
      const { tried, refused, differences } = compareWithChmod(2_500, seed);
      expect(differences, `seed ${seed}`).toEqual([]);
      expect(tried).toBe(2_500);
      expect(refused).toBeGreaterThan(100);
      expect(refused).toBeLessThan(800);
    },
  );
});

describe('stat.filemode of Python', () => {
  needs('python3').test('every permission of every type', () => {
    const script = 'import stat\nfor mode in range(0o200000): print(stat.filemode(mode))';
    const theirs = runTool('python3', ['-c', script]).trim().split('\n');
    const ours = Array.from({ length: 0o200000 }, (_, mode) => {
      const text = formatPermissions(mode, { style: 'ls' });
      // Python has a letter for no type, too.
      return text.length === 9 ? `?${text}` : text;
    });
    expect(ours.filter((text, mode) => text !== theirs[mode])).toEqual([]);
    expect(theirs).toHaveLength(ours.length);
  });
});
