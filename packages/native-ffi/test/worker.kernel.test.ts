import { runFixture } from '@osx/test-support';
import { expect, test } from 'vitest';

const run = async (mode: string) => await runFixture(new URL('fixtures/worker.ts', import.meta.url), [mode]);

test('watches work in a Worker', async () => {
  expect(await run('watch')).toMatchObject({ code: 0, signal: null, stdout: 'worker heard\n', stderr: '' });
});

// With a poll of koffi the process ends by SIGSEGV or by an abort in each of these.
test.each(['terminate', 'exit', 'uncaught'])(
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

test('a watch that is ready does not crash the process when its Worker is terminated', async () => {
  const { code, signal, stdout, stderr } = await run('terminate while ready');
  expect({ code, signal, stderr }).toEqual({ code: 0, signal: null, stderr: '' });
  // A Worker that is cut off between the making of a descriptor and its handing over leaves that one.
  const left = /^20 ended, (\d+) descriptors left\n$/.exec(stdout)?.[1];
  expect(Number(left)).toBeLessThanOrEqual(20);
});
