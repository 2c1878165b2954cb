import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { needs, temporaryDirectory } from '@osx/test-support';
import { expect } from 'vitest';

import { JobClient } from '../src/client.ts';
import { JobdProcess } from '../src/demo/jobd-process.ts';
import { readState } from '../src/state-file.ts';

const { test } = needs('linux');
const program = fileURLToPath(new URL('../src/jobd.ts', import.meta.url));

test('a worker that is killed at its job is replaced, and the job is run again', { timeout: 120_000 }, async () => {
  using directory = temporaryDirectory();
  writeFileSync(join(directory.path, 'jobd.json'), '{"workers":2,"paceMs":1000,"label":"crew"}');
  const daemon = new JobdProcess(program, directory.path);
  try {
    await daemon.said('ready');
    expect(daemon.workers).toHaveLength(2);
    using client = await JobClient.connect(join(directory.path, 'jobd.sock'));
    await client.submit({ id: 'a', text: '1' });
    await daemon.said('run a');
    for (const worker of daemon.workers) process.kill(worker, 'SIGKILL');
    await daemon.said('recorded a');
    expect(daemon.workers.length).toBeGreaterThan(2);
    expect((await readState(join(directory.path, 'state.json'))).done).toMatchObject([{ id: 'a', label: 'crew' }]);
  } finally {
    await daemon.kill();
  }
});
