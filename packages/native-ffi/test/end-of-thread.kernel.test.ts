import { expect, test } from 'vitest';

import { runFixture } from '@osx/test-support';

const fixture = new URL('fixtures/ends-while-readable.ts', import.meta.url);

test.each(['main thread', 'worker'])('a %s ends although a watched descriptor is readable', async (thread) => {
  const { code, signal, stderr } = await runFixture(fixture, [thread]);
  expect({ code, signal, stderr }).toEqual({ code: 0, signal: null, stderr: '' });
});
