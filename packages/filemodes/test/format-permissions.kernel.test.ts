import { chmodSync, lstatSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';

import { expect } from 'vitest';

import { formatPermissions, parsePermissions } from '@osx/filemodes';
import { needs, runTool, temporaryDirectory } from '@osx/test-support';

needs('linux').test('ls -l prints the same of every type, and what it prints is read', async () => {
  using directory = temporaryDirectory('ls');
  const path = (name: string): string => join(directory.path, name);
  for (const [index, mode] of [0, 0o644, 0o4755, 0o6644, 0o1777, 0o7777, 0o7000].entries()) {
    writeFileSync(path(`file-${index}`), '');
    chmodSync(path(`file-${index}`), mode);
    mkdirSync(path(`directory-${index}`));
    chmodSync(path(`directory-${index}`), mode);
  }
  symlinkSync('nowhere', path('symlink'));
  runTool('mkfifo', [path('fifo')]);
  const server = createServer().listen(path('socket'));
  await new Promise((resolve) => server.once('listening', resolve));
  try {
    const blockDevices = readdirSync('/dev', { withFileTypes: true }).filter((entry) => entry.isBlockDevice());
    const devices = ['/dev/null', ...blockDevices.slice(0, 1).map(({ name }) => `/dev/${name}`)];
    const all = [...readdirSync(directory.path).map(path), ...devices];
    const listed = runTool('ls', ['-ld', '--', ...all])
      .trim()
      .split('\n');
    const theirs = new Map(listed.map((line) => [line.split(/\s/)[0], line]));
    for (const entry of all) {
      const { mode } = lstatSync(entry);
      const ours = formatPermissions(mode, { style: 'ls' });
      const line = listed.find((text) => text.includes(entry)) as string;
      expect(line.slice(0, 10), entry).toBe(ours);
      expect(parsePermissions(line.split(/\s/)[0] as string)).toBe(mode & 0o7777);
    }
    expect(theirs.size).toBeGreaterThan(15);
  } finally {
    server.close();
  }
});
