import { expect, test } from 'vitest';
import { spawnFixture } from '@osx/test-support';

const echo = new URL('./fixtures/echo.ts', import.meta.url);

test('talks to a child that is ready and ends it by its own pid', async () => {
  let exited;
  {
    await using child = await spawnFixture(echo, ['got ']);
    child.send('one');
    child.send('two');
    expect(await child.nextLine()).toBe('got one');
    expect(await child.nextLine()).toBe('got two');
    exited = child.exited;
  }
  expect(await exited).toEqual({ code: null, signal: 'SIGKILL' });
});
