import { needs, runFixture } from '@osx/test-support';
import { expect } from 'vitest';

const { test } = needs('linux');

test('what fork hooks add reaches the program, and the launcher is not taken for it', { timeout: 90_000 }, async () => {
  const { code, stdout, stderr } = await runFixture(new URL('fixtures/with-fork-hook.ts', import.meta.url));
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toBe('hook in the child\nyes of-the-program\n'.repeat(2));
});
