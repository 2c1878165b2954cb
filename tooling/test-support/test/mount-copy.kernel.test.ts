import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { join } from 'node:path';

import { mountImage, needs } from '@osx/test-support';
import { expect } from 'vitest';

needs('loop-mount', 'python3').test('a remount waits for a copy of the mount in another namespace', async () => {
  using image = mountImage('ext4');
  const file = join(image.path, 'file');
  writeFileSync(file, 'here', { flush: true });
  const other = spawn('unshare', ['--mount', '--propagation', 'private', 'sh', '-c', 'echo ready; sleep 0.5'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(other, 'close');
  await once(other.stdout, 'data');
  await image.shutdown();
  image.remount();
  expect(readFileSync(file, 'utf8')).toBe('here');
  await ended;
});
