import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

import { needs, temporaryDirectory } from '@osx/test-support';
import { afterAll, describe, expect } from 'vitest';

import { spawnWithDeathpact } from '@osx/deathpacts';

import { endOf, told, toldBare, ways } from './launched.ts';

const { test } = needs('linux', 'python3');
const timeout = 60_000;
const directory = temporaryDirectory('launch');
afterAll(() => directory[Symbol.dispose]());

describe.each(Object.entries(ways))('by %s', (name, way) => {
  test('a program sees what it would see without', { timeout }, async () => {
    const env = {
      PATH: process.env['PATH'],
      'odd.name': 'a=b\nc',
      EMPTY: '',
      NODE_OPTIONS: '',
      NODE_DEBUG: 'x',
      ÿ: 'ü',
    };
    const options = { env, cwd: directory.path };
    const words = ['', 'a b', '--', '-x', '$HOME', '"', 'ü'];
    const bare = await toldBare(options, words);
    const { told: under } = await told({ ...way, ...options }, words);
    const { pid: _pid, deathSignal: _deathSignal, ...rest } = bare;
    expect(under).toMatchObject(rest);
    expect(under.fds).toEqual(bare.fds);
    expect(under.environ).toEqual(bare.environ);
    expect(under.ppid).toBe(process.pid);
  });

  test('the child object is that of the program', { timeout }, async () => {
    const { child, told: under } = await told({ ...way, env: process.env }, ['x']);
    expect(child.pid).toBe(under.pid);
    expect(child.spawnfile).toBe('python3');
    expect(child.spawnargs).toEqual(['python3', '-c', expect.any(String), 'x']);
    expect(child.stdio).toHaveLength(3);
    expect(under.deathSignal).toBe(name === 'the kernel' ? 9 : 0);
  });

  test.each([
    ['exit 0', { code: 0, signal: null }],
    ['exit 42', { code: 42, signal: null }],
    ['kill -KILL $$', { code: null, signal: 'SIGKILL' }],
    ['kill -USR1 $$', { code: null, signal: 'SIGUSR1' }],
  ])('%s is how it ends, also when it ends at once', { timeout }, async (script, end) => {
    const child = await spawnWithDeathpact('sh', ['-c', script], { ...way, stdio: 'ignore' });
    expect(await endOf(child)).toEqual(end);
  });

  test.each([
    ['a program that is not there', './nope', {}],
    ['one that is not on the PATH', 'surely-no-such-program', {}],
    ['a PATH with nothing in it', 'python3', { env: { PATH: '/no/such' } }],
    ['a directory', '/tmp', {}],
    ['a file that may not be executed', '/etc/passwd', {}],
    ['a directory to start in that is not there', 'true', { cwd: '/no/such' }],
    ['an interpreter that is not there', './script', { cwd: directory.path }],
  ])('%s: the error is that of child_process', { timeout }, async (_, command, options) => {
    writeFileSync(join(directory.path, 'script'), '#!/no/such/interpreter\n', { mode: 0o755 });
    const [expected] = (await once(spawn(command, ['a', 'b'], options), 'error')) as [Error];
    const error: unknown = await spawnWithDeathpact(command, ['a', 'b'], { ...way, ...options }).catch(
      (e: unknown) => e,
    );
    expect(error).toBeInstanceOf(Error);
    expect(Object.assign({}, error)).toEqual(Object.assign({}, expected));
    expect((error as Error).message).toBe(expected.message);
  });

  test('standard streams and more are connected', { timeout }, async () => {
    const stdio = ['pipe', 'pipe', 'pipe', 'ignore', 'pipe'] as const;
    const child = await spawnWithDeathpact('sh', ['-c', 'cat; echo err >&2; echo four >&4'], {
      ...way,
      stdio: [...stdio],
    });
    child.stdin?.end('in');
    const four = child.stdio[4] as unknown as NodeJS.ReadableStream;
    const all = await Promise.all([text(child.stdout!), text(child.stderr!), text(four), once(child, 'close')]);
    expect(all.slice(0, 3)).toEqual(['in', 'err\n', 'four\n']);
    expect(child.stdio).toHaveLength(5);
  });

  test.each(['json', 'advanced'] as const)('a channel for messages, %s', { timeout }, async (serialization) => {
    const script = `process.on('message', (m) => { process.send({ got: m, map: new Map([[1, 2]]) }); process.disconnect(); })`;
    const env = { ...process.env, NODE_OPTIONS: '--title=of-the-program' };
    const stdio = ['ignore', 'inherit', 'inherit', 'ipc'] as const;
    const options = { ...way, env, serialization, stdio: [...stdio] };
    const child = await spawnWithDeathpact(process.execPath, ['-e', script], options);
    child.send({ hello: 1 });
    const [answer] = (await once(child, 'message')) as [{ got: unknown; map: unknown }];
    expect(answer.got).toEqual({ hello: 1 });
    expect(answer.map).toEqual(serialization === 'json' ? {} : new Map([[1, 2]]));
    expect(await endOf(child)).toEqual({ code: 0, signal: null });
  });

  test('NODE_OPTIONS are for the program, and not for its launcher', { timeout }, async () => {
    const preload = join(directory.path, 'preload.mjs');
    writeFileSync(preload, `console.log('preloaded', process.argv0);`);
    const options = {
      ...way,
      env: { ...process.env, NODE_OPTIONS: `--import ${preload}` },
      stdio: ['ignore', 'pipe', 'inherit'],
    };
    const child = await spawnWithDeathpact(process.execPath, ['-p', '1'], options as never);
    expect(await text(child.stdout!)).toMatch(/^preloaded [^\n]+\n1\n$/);
  });

  test('detached: it leads a session of its own', { timeout }, async () => {
    expect((await told({ ...way, detached: true })).told.isLeader).toBe(true);
  });

  test('argv0, and a shell', { timeout }, async () => {
    const child = await spawnWithDeathpact('cat', ['/proc/self/cmdline'], { ...way, argv0: 'dog' });
    expect(await text(child.stdout!)).toBe('dog\0/proc/self/cmdline\0');
    const shell = await spawnWithDeathpact('echo "$0" $((1 + 1)) |', ['cat'], { ...way, shell: true });
    expect(await text(shell.stdout!)).toBe('/bin/sh 2\n');
  });

  test('a timeout, and an AbortSignal under both names', { timeout }, async () => {
    const late = await spawnWithDeathpact('sleep', ['600'], { ...way, timeout: 3_000, killSignal: 'SIGINT' });
    expect(await endOf(late)).toEqual({ code: null, signal: 'SIGINT' });
    for (const key of ['signal', 'abortSignal'] as const) {
      const controller = new AbortController();
      const child = await spawnWithDeathpact('sleep', ['600'], { ...way, [key]: controller.signal });
      const end = endOf(child);
      const error = once(child, 'error');
      controller.abort();
      expect(await error).toMatchObject([{ name: 'AbortError' }]);
      expect(await end).toEqual({ code: null, signal: 'SIGTERM' });
      await expect(spawnWithDeathpact('sleep', ['600'], { ...way, [key]: controller.signal })).rejects.toBe(
        controller.signal.reason,
      );
    }
  });

  needs('root').test('another user and group', { timeout }, async () => {
    const bare = await toldBare({ uid: 65_534, gid: 65_534 });
    const { told: under } = await told({ ...way, uid: 65_534, gid: 65_534 });
    expect(under.ids).toEqual(bare.ids);
    expect(under.ids['Uid']).toBe('65534\t65534\t65534\t65534');
    expect(under.deathSignal).toBe(name === 'the kernel' ? 9 : 0);
  });
});

needs('root').test('the environment of another user is not that of the launcher', { timeout }, async () => {
  const path = join(directory.path, 'preload.txt');
  const env = { PATH: process.env['PATH'], LD_DEBUG: 'files', LD_DEBUG_OUTPUT: path };
  const child = await spawnWithDeathpact('true', [], { uid: 65_534, gid: 65_534, env, cwd: '/' });
  expect(await endOf(child)).toEqual({ code: 0, signal: null });
  // What the loader of a process writes there is the owner's; the directory is not nobody's.
  expect(readdirSync(directory.path).filter((name) => name.startsWith('preload.txt'))).toEqual([]);
});

test('aborted while it is launched: nothing is left, and the reason is the error', { timeout }, async () => {
  const controller = new AbortController();
  const launching = spawnWithDeathpact('sleep', ['600'], { tree: true, abortSignal: controller.signal });
  setImmediate(() => controller.abort(new Error('enough')));
  await expect(launching).rejects.toThrow('enough');
});

test('a script without #! is run by the shell, as child_process does', { timeout }, async () => {
  const path = join(directory.path, 'bare');
  writeFileSync(path, 'echo "run $1"\n');
  chmodSync(path, 0o755);
  expect(await text((await spawnWithDeathpact(path, ['x'])).stdout!)).toBe('run x\n');
});

test('of two on the PATH the one that may be executed is taken', { timeout }, async () => {
  for (const [place, mode] of [
    ['first', 0o644],
    ['second', 0o755],
  ] as const) {
    mkdirSync(join(directory.path, place), { recursive: true });
    writeFileSync(join(directory.path, place, 'tool'), `#!/bin/sh\necho ${place}\n`, { mode });
  }
  const PATH = `${directory.path}/first:${directory.path}/second:/bin:/usr/bin`;
  expect(await text((await spawnWithDeathpact('tool', [], { env: { PATH } })).stdout!)).toBe('second\n');
});

test('which signal the kernel is told, if any', { timeout }, async () => {
  expect((await told({ graceMs: 1_000 })).told.deathSignal).toBe(0);
  expect((await told({ pact: 'process' })).told.deathSignal).toBe(0);
  expect((await told({ pact: 'none' })).told.deathSignal).toBe(0);
  expect((await told({ signal: 'SIGRTMIN+1' })).told.deathSignal).toBe(35);
  expect((await told({ signal: 'SIGHUP' })).told.deathSignal).toBe(1);
});
