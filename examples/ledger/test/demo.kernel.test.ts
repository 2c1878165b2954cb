import { fileURLToPath } from 'node:url';

import { runFixture } from '@osx/test-support';
import { expect, test } from 'vitest';

const demo = new URL('../src/demo.ts', import.meta.url);

test('the demo runs, kills, and finds the file right', async () => {
  const { code, stdout, stderr } = await runFixture(demo, ['--seconds', '3']);
  expect({ code, stderr }, stdout).toEqual({ code: 0, stderr: '' });
  expect(stdout).toContain('The file was never wrong.');
  expect(stdout).toMatch(/total +12000 before, 12000 after/);
  expect(Number(/killed \(SIGKILL\) +(\d+)/.exec(stdout)?.[1])).toBeGreaterThan(0);
});

test('without koffi it says so, and shows what needs no lock', async () => {
  const hidden = fileURLToPath(new URL('fixtures/hide-koffi.mjs', import.meta.url));
  const { code, stdout, stderr } = await runFixture(demo, ['--seconds', '2'], {
    env: { NODE_OPTIONS: `--import=${hidden}` },
  });
  expect({ code, stderr }, stdout).toEqual({ code: 0, stderr: '' });
  expect(stdout).toContain('No native calls here');
  expect(stdout).toContain('The file was never wrong.');
});
