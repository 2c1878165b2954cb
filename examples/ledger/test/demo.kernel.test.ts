import { runFixture } from '@osx/test-support';
import { expect, test } from 'vitest';

test('the demo runs, kills, and finds the file right', async () => {
  const { code, stdout, stderr } = await runFixture(new URL('../src/demo.ts', import.meta.url), ['--seconds', '3']);
  expect({ code, stderr }, stdout).toEqual({ code: 0, stderr: '' });
  expect(stdout).toContain('The file was never wrong.');
  expect(stdout).toMatch(/total +12000 before, 12000 after/);
  expect(Number(/killed \(SIGKILL\) +(\d+)/.exec(stdout)?.[1])).toBeGreaterThan(1);
});
