import { closeSync, constants, lstatSync, mkdirSync, openSync, readdirSync, renameSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { afterEach, beforeEach, expect } from 'vitest';

import { chmodTree } from '@osx/filemodes';
import { expectNoNewFds, hasCapability, needs, openFds, runTool, temporaryDirectory } from '@osx/test-support';

let directory: ReturnType<typeof temporaryDirectory>;
let top: string;

beforeEach(() => {
  directory = temporaryDirectory('depth', { on: hasCapability('shm') ? 'tmpfs' : 'disk' });
  top = join(directory.path, 'top');
});
afterEach(() => {
  // Node cannot remove what is deeper than a path is long.
  runTool('chmod', ['-R', 'u+rwx', directory.path]);
  runTool('rm', ['-rf', top]);
  directory[Symbol.dispose]();
});

needs('linux').test('3,000 levels, deeper than a path can be, with a bounded number of descriptors', async () => {
  deepen(top, 3_000);
  const before = openFds();
  const count = openCount();
  let most = 0;
  let calls = 0;
  const options = {
    onChange() {
      calls += 1;
      if (calls % 100 === 0) most = Math.max(most, openCount());
    },
  };
  const levels = { unchanged: 0, skippedSymlinks: 0, skippedMounts: 0, vanished: 0, errors: [] };
  expect(await chmodTree(top, { mode: 0o750, ...options })).toEqual({ ...levels, changed: 3_001 });
  // From the deepest up, each through the one below it.
  expect(await chmodTree(top, { mode: 0o111, ...options })).toEqual({ ...levels, changed: 3_001 });
  expect(await chmodTree(top, { mode: 0o755, ...options })).toEqual({ ...levels, changed: 3_001 });
  expect(most - count).toBeLessThan(80);
  expectNoNewFds(before);
});

needs('linux').test('aborted deep down, nothing leaks', async () => {
  deepen(top, 300);
  const before = openFds();
  const controller = new AbortController();
  let calls = 0;
  const onChange = (): void => {
    calls += 1;
    if (calls === 250) controller.abort();
  };
  await expect(chmodTree(top, { mode: 0o700, onChange, signal: controller.signal })).rejects.toThrow('aborted');
  expectNoNewFds(before);
});

needs('linux').test('a directory that is moved away with the walk in it leads nowhere else, and is told', async () => {
  deepen(top, 100);
  // Deeper than the walk would climb: whoever takes the wrong way changes nothing but what is ours.
  const nest = join(directory.path, 'nest');
  deepen(nest, 40);
  const away = join(nest, ...Array<string>(40).fill('d'), 'away');
  const before = openFds();
  let calls = 0;
  const { changed, errors } = await chmodTree(top, {
    // After what is in it: all are still to come when the deepest one is done.
    mode: 0o055,
    onChange() {
      calls += 1;
      if (calls === 1) renameSync(join(top, ...Array<string>(20).fill('d')), away);
    },
  });
  expect(errors.map(({ code }) => code)).toEqual(Array(20).fill('ESTALE'));
  expect(errors[0]?.message).toBe(`ESTALE: a directory in it was moved away while it was walked, open '${top}'`);
  expect(changed).toBe(81);
  const permissions = (path: string): number => lstatSync(path).mode & 0o777;
  expect([permissions(top), permissions(away)]).toEqual([0o755, 0o055]);
  for (let path = dirname(away); path !== directory.path; path = dirname(path)) expect(permissions(path)).toBe(0o755);
  expectNoNewFds(before);
});

/** Not `openFds`: the paths are too long to be told. */
function openCount(): number {
  return readdirSync('/proc/self/fd').length;
}

/** Makes `top/d/d/d...`, each through the descriptor of the one above. */
function deepen(path: string, levels: number): void {
  mkdirSync(path, { mode: 0o755 });
  let fd = openSync(path, constants.O_DIRECTORY);
  for (let level = 0; level < levels; level += 1) {
    const next = `/proc/self/fd/${fd}/d`;
    mkdirSync(next, { mode: 0o755 });
    const deeper = openSync(next, constants.O_DIRECTORY);
    closeSync(fd);
    fd = deeper;
  }
  closeSync(fd);
}
