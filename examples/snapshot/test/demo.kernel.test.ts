import { needs, runFixture } from '@osx/test-support';
import { describe, expect } from 'vitest';

const demo = new URL('../src/demo.ts', import.meta.url);
const { test } = needs('linux');

describe.runIf(process.arch === 'x64')('the snapshot demo', () => {
  test('forked children write states that the bank was in, while it goes on', async () => {
    const { code, stdout, stderr } = await runFixture(demo, ['--snapshots', '4', '--accounts', '200000'], {
      nodeArgs: ['--single-threaded', '--v8-pool-size=1'],
    });
    expect({ code, stderr }, stdout).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/wrong +0$/m);
    expect(Number(/transfers meanwhile +(\d+)/.exec(stdout)?.[1])).toBeGreaterThan(0);
  });

  test('without the flags it says how to start it', async () => {
    const { code, stdout } = await runFixture(demo);
    expect(code).toBe(2);
    expect(stdout).toContain('--single-threaded --v8-pool-size=1');
  });
});
