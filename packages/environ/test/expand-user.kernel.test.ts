import { userInfo } from 'node:os';
import { isSystemError } from '@osx/errors';
import { expandUser } from '@osx/environ';
import { assertHeadersAgree, expectNoNewFds, needs, openFds, runFixture, runTool } from '@osx/test-support';
import { describe, expect, test } from 'vitest';

import { passwdStruct } from '../src/internal/passwd-struct.ts';

const environ = { HOME: '/srv/ada' };

test.each([
  ['~', '/srv/ada'],
  ['~/', '/srv/ada/'],
  ['~/a/~/b', '/srv/ada/a/~/b'],
  ['~//a', '/srv/ada//a'],
  ['', ''],
  ['a', 'a'],
  ['/~', '/~'],
  ['./~', './~'],
  [' ~', ' ~'],
  ['\\~', '\\~'],
])('%j becomes %j', (path, expanded) => expect(expandUser(path, { environ })).toBe(expanded));

test.each([
  ['/', '~', '/'],
  ['/', '~/a', '/a'],
  ['//', '~/a', '/a'],
  ['/srv/', '~/a', '/srv/a'],
  ['/srv/', '~', '/srv/'],
])('with HOME=%s, %s becomes %s', (HOME, path, expanded) => {
  expect(expandUser(path, { environ: { HOME } })).toBe(expanded);
});

test.each([{}, { HOME: '' }, { HOME: undefined }, { HOME: 'relative' }])(
  'where HOME leads nowhere (%j), the user database',
  (without) => {
    expect(expandUser('~/a', { environ: without })).toBe(`${userInfo().homedir.replace(/\/$/, '')}/a`);
  },
);

describe('of a user', () => {
  needs('python3').test('as the user database has it, for all users', () => {
    const script =
      'import pwd, json; print(json.dumps([[entry.pw_name, pwd.getpwnam(entry.pw_name).pw_dir] for entry in pwd.getpwall()]))';
    const users = JSON.parse(runTool('python3', ['-c', script])) as [string, string][];
    expect(users.length).toBeGreaterThan(0);
    expandUser('~root');
    const before = openFds();
    for (const [user, home] of users) {
      const isHome = home.startsWith('/');
      expect(expandUser(`~${user}`, { environ })).toBe(isHome ? home : `~${user}`);
      expect(expandUser(`~${user}/x`, { environ })).toBe(`${isHome ? home.replace(/\/+$/, '') : `~${user}`}/x`);
    }
    expectNoNewFds(before);
  });

  test.each(['~no-such-user-here', '~no-such-user-here/x', '~+', '~-/x', '~a\0b', `~${'u'.repeat(10_000)}`, '~ü'])(
    '%j is kept, or an error',
    (path) => {
      expect(expandUser(path, { environ })).toBe(path);
      let error: unknown;
      try {
        expandUser(path, { environ, onUnknownUser: 'error' });
      } catch (caught) {
        error = caught;
      }
      expect(isSystemError(error, 'ENOENT')).toBe(true);
      expect(error).toMatchObject({ syscall: 'getpwnam', path });
    },
  );

  needs('root').test('~ of a process whose user is nobody in the database is an error', async () => {
    const program = new URL('fixtures/expand-own.ts', import.meta.url);
    const { stdout, code } = await runFixture(program, ['4211']);
    expect([code, stdout]).toEqual([0, 'ENOENT getpwuid\n/given/x\n']);
  });
});

describe('struct passwd', () => {
  const headers = ['pwd.h'];
  needs('linux', 'gcc').test('is that of the header', async () => {
    await assertHeadersAgree({ headers, structs: { 'struct passwd': passwdStruct.layout('linux-x64') } });
  });

  needs('arm64-gcc').test('is that of the header on arm64', async () => {
    await assertHeadersAgree(
      { headers, structs: { 'struct passwd': passwdStruct.layout('linux-arm64') } },
      'aarch64-linux-gnu-gcc',
    );
  });
});

test.each([
  ['path', () => expandUser(1 as never), 'ERR_INVALID_ARG_TYPE'],
  ['options', () => expandUser('~', null as never), 'ERR_INVALID_ARG_TYPE'],
  ['onUnknownUser', () => expandUser('a', { onUnknownUser: 'x' as never }), 'ERR_INVALID_ARG_VALUE'],
  ['environ', () => expandUser('a', { environ: 1 as never }), 'ERR_INVALID_ARG_TYPE'],
])('refused: %s', (_, call, code) => {
  expect(call).toThrow(expect.objectContaining({ code }));
});
