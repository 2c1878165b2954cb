import { chmodSync, chownSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { asUnprivilegedUser, needs, runFixture, temporaryDirectory } from '@osx/test-support';

import { planDirectory } from '../src/internal/tree-frame.ts';

const fixture = new URL('fixtures/without-access.ts', import.meta.url);
const none = { changed: 0, unchanged: 0, skippedSymlinks: 0, skippedMounts: 0, vanished: 0, errors: [] };
const same = (permissions: string): string[] => Array<string>(6).fill(permissions);

needs('unprivileged-user').test('trees without access, as their owner who is not root', async () => {
  using directory = temporaryDirectory('access', { mode: 0o777 });
  const foreign = join(directory.path, 'foreign');
  mkdirSync(foreign);
  chmodSync(foreign, 0o755);
  for (const name of ['own', 'of-root']) writeFileSync(join(foreign, name), '', { mode: 0o600 });
  chownSync(join(foreign, 'own'), asUnprivilegedUser.uid, asUnprivilegedUser.gid);
  const { stdout, stderr } = await runFixture(fixture, [directory.path, foreign], asUnprivilegedUser);
  expect(stderr).toBe('');
  const facts = JSON.parse(stdout) as Record<string, unknown>;
  expect(facts['opened']).toEqual([{ ...none, changed: 6 }, ['0700', '0600', '0700', '0600', '0700', '0600']]);
  expect(facts['closed']).toEqual([{ ...none, changed: 6 }, same('0000')]);
  expect(facts['from 0 to 444']).toEqual([{ ...none, changed: 6 }, same('0444')]);
  expect(facts['from 0 to 111']).toEqual([{ ...none, changed: 6 }, same('0111')]);
  const unread = { ...none, errors: [['EACCES', 'open', '']] };
  const untouched = ['0000', '0644', '0000', '0644', '0000', '0644'];
  expect(facts['left without access']).toEqual([{ ...unread, unchanged: 1 }, untouched]);
  expect(facts['dry run']).toEqual([{ ...unread, changed: 1 }, untouched]);
  // The first file was changed, its directories were opened up on the way there and closed again.
  expect(facts['aborted']).toEqual([
    { rejected: 'Error: enough', errors: [] },
    expect.toSatisfy((modes: string[]) => {
      const [top, ...rest] = modes;
      return top === '0040' && rest.every((mode) => ['0000', '0040'].includes(mode)) && rest.includes('0040');
    }),
  ]);
  // The directory is root's, and so is one of the two files.
  expect(facts['foreign']).toEqual([
    1,
    ["EPERM: operation not permitted, chmod 'foreign'", "EPERM: operation not permitted, chmod 'foreign/of-root'"],
  ]);
});

test.each([
  ['open stays open: before its content', 0o755, 0o700, { first: 0o700, last: undefined }],
  ['shut is opened: before', 0, 0o700, { first: 0o700, last: undefined }],
  ['open is shut: after', 0o755, 0o077, { first: undefined, last: { from: 0o755, to: 0o077, isOpenedUp: false } }],
  [
    'never open: opened up in between',
    0o300,
    0o444,
    { first: 0o544, last: { from: 0o300, to: 0o444, isOpenedUp: true } },
  ],
  ['nothing to change: left alone, though nobody can enter', 0, 0, { first: undefined, last: undefined }],
])('%s', (_, from, to, plan) => {
  expect(planDirectory(from, to, false)).toEqual(plan);
});

test('root needs no directory to be opened up', () => {
  expect(planDirectory(0, 0o444, true)).toEqual({ first: undefined, last: { from: 0, to: 0o444, isOpenedUp: false } });
});
