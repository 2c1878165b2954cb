import { runFixture } from '@osx/test-support';
import { expect, test } from 'vitest';

const run = async (mode: string) => await runFixture(new URL('fixtures/worker.ts', import.meta.url), [mode]);

test('watches work in a Worker', async () => {
  expect(await run('watch')).toMatchObject({ code: 0, signal: null, stdout: 'worker heard\n', stderr: '' });
});

// With a poll of koffi the process ends by SIGSEGV or by an abort in each of these.
test.each(['terminate', 'terminate while ready', 'exit', 'uncaught'])(
  'an open watch neither crashes the process nor leaks when its Worker ends by %s',
  async (mode) => {
    expect(await run(mode)).toMatchObject({
      code: 0,
      signal: null,
      stdout: '20 ended, 0 descriptors left\n',
      stderr: '',
    });
  },
);
