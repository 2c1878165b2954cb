import { spawn } from 'node:child_process';
import { once } from 'node:events';

import { needs, runFixture } from '@osx/test-support';
import { describe, expect } from 'vitest';

const { test } = needs('linux');
const fixture = new URL('fixtures/registered.ts', import.meta.url);
const nodeArgs = ['--import', import.meta.resolve('@osx/deathpacts/register')];
const start = (pact: string | undefined, more: object = {}) =>
  runFixture(fixture, [], { nodeArgs, env: { OSX_DEATHPACT: pact }, ...more });

describe('--import @osx/deathpacts/register', () => {
  test.each([
    [undefined, 'SIGTERM', null],
    ['parent-death-signal', 'SIGTERM', null],
    [`{"pact":"parent-death-signal","signal":"SIGKILL","parent":${process.pid}}`, 'SIGKILL', null],
    [`{"pact":"process","pid":${process.pid}}`, null, null],
    ['none', null, 'none'],
  ])('OSX_DEATHPACT=%s', async (pact, signal, variable) => {
    const { stdout, stderr } = await start(pact);
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toEqual([signal, variable, 0]);
  });

  test('misspelt: the program does not start without the pact that it was to have', async () => {
    const { code, stdout, stderr } = await start('{"pact":"process","pdi":1}');
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/OSX_DEATHPACT.*without pdi/);
  });

  test('by NODE_OPTIONS, through a shell: the process that is meant has ended', async () => {
    const gone = spawn('true', { stdio: 'ignore' });
    await once(gone, 'exit');
    const OSX_DEATHPACT = JSON.stringify({ pact: 'process', pid: gone.pid, startTime: 1, signal: 'SIGKILL' });
    const env = { OSX_DEATHPACT, NODE_OPTIONS: nodeArgs.join(' ') };
    const prefix = ['sh', '-c', '"$@"; exit $?', 'sh'];
    expect(await runFixture(fixture, [], { env, prefix })).toMatchObject({ code: 128 + 9, stdout: '' });
  });
});
