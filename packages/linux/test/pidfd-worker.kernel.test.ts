import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

import { openPidfd } from '@osx/linux/pidfd';
import { openFds } from '@osx/test-support';
import { expect, test } from 'vitest';

const fixture = new URL('fixtures/pidfd-worker.ts', import.meta.url);

function pidfdCount(): number {
  return [...openFds().values()].filter((target) => target.includes('pidfd')).length;
}

test('a Worker hears of the exit of a child of the main thread', async () => {
  const child = spawn('sh', ['-c', 'read line; exit 6'], { stdio: ['pipe', 'ignore', 'ignore'] });
  const worker = new Worker(fixture, { workerData: { pid: child.pid, mode: 'wait' } });
  const exited = once(worker, 'exit');
  expect(await once(worker, 'message')).toEqual(['waiting']);
  child.stdin.end();
  expect(await once(worker, 'message')).toMatchObject([{ code: 6, signal: null }]);
  expect(await exited).toEqual([0]);
  expect(pidfdCount()).toBe(0);
});

test('Workers ended while they wait, or in the very moment of the exit, leave no descriptor', async () => {
  openPidfd(process.pid).close();
  for (let round = 0; round < 20; round += 1) {
    const child = spawn('sleep', ['600'], { stdio: 'ignore' });
    const exited = once(child, 'exit');
    const worker = new Worker(fixture, { workerData: { pid: child.pid, mode: 'hold' } });
    await once(worker, 'message');
    expect(pidfdCount()).toBeGreaterThan(0);
    if (round % 2 === 0) child.kill('SIGKILL');
    await worker.terminate();
    child.kill('SIGKILL');
    await exited;
  }
  expect(pidfdCount()).toBe(0);
});
