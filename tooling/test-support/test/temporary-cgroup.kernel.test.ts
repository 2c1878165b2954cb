import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { expect } from 'vitest';
import { needs, temporaryCgroup } from '@osx/test-support';

needs('cgroup2').test('a cgroup is killed and removed with what is below it', async () => {
  const group = temporaryCgroup();
  mkdirSync(`${group.directory}/below`);
  const child = spawn('sleep', ['600'], { stdio: 'ignore' });
  const exited = once(child, 'exit');
  writeFileSync(`${group.directory}/below/cgroup.procs`, String(child.pid));
  expect(readFileSync(`/proc/${child.pid}/cgroup`, 'utf8')).toMatch(new RegExp(`^0::${group.path}/below$`, 'm'));
  group[Symbol.dispose]();
  expect(existsSync(group.directory)).toBe(false);
  expect(await exited).toEqual([null, 'SIGKILL']);
});

needs('cgroup2').test('two at once are two', () => {
  using one = temporaryCgroup();
  using other = temporaryCgroup();
  expect(one.directory).not.toBe(other.directory);
});
