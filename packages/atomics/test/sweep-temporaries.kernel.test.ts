import { chmodSync, mkdirSync, readdirSync, readlinkSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { beginAtomicSwap, createAtomicWriteStream, sweepTemporaries } from '@osx/atomics';
import { asUnprivilegedUser, needs, spawnFixture, temporaryDirectory } from '@osx/test-support';
import { expect } from 'vitest';

import { ownIdentity } from '../src/internal/process-identity.ts';
import { formatWriter } from '../src/internal/temporary-name.ts';
import { inChild } from './in-child.ts';

const { test } = needs('linux');
const halfway = new URL('./fixtures/halfway.ts', import.meta.url);

/** A temporary as another process would name it. */
function named(writer: Partial<ReturnType<typeof ownIdentity>>): string {
  return `.file.${'0123456789abcdef'.repeat(2)}.${formatWriter({ ...ownIdentity(), ...writer })}.osx-tmp`;
}

test('what a killed process left is removed, files and trees; what a living one writes is not', async () => {
  using directory = temporaryDirectory();
  await using living = await spawnFixture(halfway, [directory.path]);
  const ofTheLiving = readdirSync(directory.path);
  expect(ofTheLiving).toHaveLength(2);
  {
    await using dying = await spawnFixture(halfway, [directory.path]);
    dying.kill('SIGKILL');
    await dying.exited;
  }
  expect(readdirSync(directory.path)).toHaveLength(4);
  const { removed, kept } = await sweepTemporaries(directory.path);
  expect(removed).toHaveLength(2);
  expect(kept.map(({ reason }) => reason)).toEqual(['live', 'live']);
  expect(readdirSync(directory.path)).toEqual(ofTheLiving);
  living.kill('SIGSTOP');
  expect((await sweepTemporaries(directory.path)).removed).toEqual([]);
  living.kill('SIGKILL');
  await living.exited;
  expect((await sweepTemporaries(directory.path)).removed).toHaveLength(2);
  expect(readdirSync(directory.path)).toEqual([]);
});

test('its own are kept while it lives', async () => {
  using directory = temporaryDirectory();
  const stream = createAtomicWriteStream(join(directory.path, 'file'));
  await new Promise((resolve) => stream.write('x', resolve));
  await using swap = await beginAtomicSwap('dir', join(directory.path, 'tree'));
  const { removed, kept } = await sweepTemporaries(directory.path);
  expect(removed).toEqual([]);
  expect(kept.map(({ path }) => path)).toContain(swap.tempPath);
  expect(kept).toHaveLength(2);
  stream.destroy();
});

test('a pid that belongs to another process by now is proof', async () => {
  using directory = temporaryDirectory();
  writeFileSync(join(directory.path, named({ startTime: '1' })), '');
  writeFileSync(join(directory.path, named({ pid: 2 ** 22 + 1 })), '');
  expect((await sweepTemporaries(directory.path)).removed).toHaveLength(2);
});

test('what another namespace or machine wrote is kept, unless the caller vouches', async () => {
  using directory = temporaryDirectory();
  const names = [
    named({ pidNamespace: 'abc', pid: 4_000_000 }),
    named({ timeNamespace: 'abc', startTime: '1' }),
    named({ boot: '0123456789ab', pidNamespace: 'abc' }),
    named({ boot: 'x', pid: 4_000_000 }),
    named({ pid: 0 }),
  ];
  for (const name of names) writeFileSync(join(directory.path, name), '');
  const { removed, kept } = await sweepTemporaries(directory.path);
  expect(removed).toEqual([]);
  expect(kept.map(({ reason }) => reason).toSorted()).toEqual(['foreign', 'foreign', 'foreign', 'foreign', 'live']);
  const vouched = await sweepTemporaries(directory.path, { foreign: 'remove' });
  expect(vouched.removed).toHaveLength(4);
});

test('nothing else is touched: other names, and what symlinks lead to', async () => {
  using directory = temporaryDirectory();
  const at = (name: string): string => join(directory.path, name);
  const bystanders = [
    'file',
    'file.lock',
    '.file.tmp',
    `${named({ startTime: '1' })}.bak`,
    named({ startTime: '1' }).slice(1),
  ];
  for (const name of bystanders) writeFileSync(at(name), '');
  mkdirSync(at('outside'));
  writeFileSync(at('outside/precious'), '');
  symlinkSync('outside', at(named({ startTime: '2' })));
  mkdirSync(at(named({ startTime: '3' })));
  symlinkSync('../outside', join(at(named({ startTime: '3' })), 'link'));
  expect((await sweepTemporaries(directory.path)).removed).toHaveLength(2);
  expect(readdirSync(directory.path).toSorted()).toEqual([...bystanders, 'outside'].toSorted());
  expect(readdirSync(at('outside'))).toEqual(['precious']);
});

test('a name that is not UTF-8', async () => {
  using directory = temporaryDirectory();
  const name = Buffer.from(named({ startTime: '1' }), 'latin1');
  name[1] = 0xff;
  const path = Buffer.concat([Buffer.from(`${directory.path}/`), name]);
  writeFileSync(path, '');
  const { removed } = await sweepTemporaries(directory.path);
  expect(removed).toEqual([path]);
});

test('a directory that is not there', async () => {
  await expect(sweepTemporaries('/nowhere')).rejects.toMatchObject({ code: 'ENOENT', path: '/nowhere' });
});

needs('unprivileged-user').test('what may not be removed is kept, with the reason', async () => {
  using directory = temporaryDirectory('osx-test', { mode: 0o755 });
  writeFileSync(join(directory.path, named({ startTime: '1' })), '');
  const [answer] = await inChild({ calls: [['sweepTemporaries', directory.path]] }, asUnprivilegedUser);
  expect(answer?.result).toMatchObject({ removed: [], kept: [{ reason: 'failed', error: { code: 'EACCES' } }] });
  chmodSync(directory.path, 0o777);
});

needs('pid-namespace').test('a container and its host do not judge each other', { timeout: 60_000 }, async () => {
  using directory = temporaryDirectory();
  const prefix = ['unshare', '--pid', '--fork', '--kill-child', '--mount-proc'];
  await using inner = await spawnFixture(halfway, [directory.path], { prefix });
  const { removed, kept } = await sweepTemporaries(directory.path);
  expect(removed).toEqual([]);
  expect(kept.map(({ reason }) => reason)).toEqual(['foreign', 'foreign']);
  writeFileSync(join(directory.path, named({})), '');
  const [answer] = await inChild({ calls: [['sweepTemporaries', directory.path]] }, { prefix });
  expect(answer?.result).toMatchObject({
    removed: [],
    kept: [{ reason: 'foreign' }, { reason: 'foreign' }, { reason: 'foreign' }],
  });
  expect(inner.pid).toBeGreaterThan(0);
});

test('the identity is that of the machine', () => {
  expect(readlinkSync('/proc/self/ns/pid')).toBe(`pid:[${parseInt(ownIdentity().pidNamespace, 36)}]`);
});
