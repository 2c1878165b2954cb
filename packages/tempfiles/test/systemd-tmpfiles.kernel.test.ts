import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { needs, runTool, spawnFixture, temporaryDirectory } from '@osx/test-support';
import { makeTemporaryDirectory, openTemporaryFile } from '@osx/tempfiles';
import { expect } from 'vitest';

const { test } = needs('root', 'systemd-tmpfiles');
const holder = new URL('./fixtures/holder.ts', import.meta.url);

/** Removes all that is in a directory, whatever its age, as the tool does it every day with what is old. */
function clean(directory: string, configuration: string): void {
  const file = join(configuration, 'clean.conf');
  writeFileSync(file, `d ${directory} 0700 root root 0\n`);
  runTool('systemd-tmpfiles', ['--clean', file]);
}

function version(): number {
  return Number(/systemd (\d+)/.exec(runTool('systemd-tmpfiles', ['--version']))?.[1]);
}

test('systemd-tmpfiles leaves a directory alone while its owner lives, and what is in it', async () => {
  using configuration = temporaryDirectory();
  using directory = temporaryDirectory();
  mkdirSync(join(directory.path, 'nobody'));
  await using made = await makeTemporaryDirectory({ directory: directory.path });
  await using file = await openTemporaryFile({ directory: directory.path, named: true });
  mkdirSync(join(made.path, 'sub'));
  writeFileSync(join(made.path, 'sub', 'file'), '');
  clean(directory.path, configuration.path);
  expect(existsSync(join(made.path, 'sub', 'file'))).toBe(true);
  expect(existsSync(join(directory.path, 'nobody'))).toBe(false);
  // It looks for locks on files since version 254.
  expect(existsSync(file.path as string)).toBe(version() >= 254);
});

test('and removes it when its owner was killed', { timeout: 60_000 }, async () => {
  using configuration = temporaryDirectory();
  using directory = temporaryDirectory();
  await using child = await spawnFixture(holder, [directory.path, 'idle']);
  const path = await child.nextLine();
  clean(directory.path, configuration.path);
  expect(existsSync(join(path, 'sub', 'file'))).toBe(true);
  child.kill('SIGKILL');
  await child.exited;
  clean(directory.path, configuration.path);
  expect(existsSync(path)).toBe(false);
});
