import { spawn, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { acquirePidfile, Pidfile, pinPidfileOwner, readPidfile } from '@osx/pidfiles';
import { FixtureProcess, needs, runTool, temporaryDirectory } from '@osx/test-support';

import { LIBBSD_FLOPEN, LIBBSD_PIDFILE, PYTHON_FLOCK } from './fixtures/holder-programs.ts';
import { startDaemon } from './fixtures/pidfile-command.ts';

const TERMINATED = { code: null, signal: 'SIGTERM' };
let directory: ReturnType<typeof temporaryDirectory>;
let file: string;

beforeEach(() => {
  directory = temporaryDirectory('pidfile-interplay');
  file = join(directory.path, 'job.pid');
});
afterEach(() => directory[Symbol.dispose]());

/** Runs a tool to its end, and returns how it ended. */
function run(command: string, ...args: string[]) {
  const env = { ...process.env, LC_ALL: 'C', PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin` };
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8', env, timeout: 60_000 });
  return { status, stdout, stderr };
}

/** A program that prints one line once it has the file, or why not. Dispose it. */
async function start(command: string, ...args: string[]): Promise<FixtureProcess & { first: string }> {
  const child = new FixtureProcess(spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'] }), command);
  return Object.assign(child, { first: await child.nextLine() });
}

describe('pkill -F', () => {
  const { test: testPkill } = needs('pkill');

  testPkill('signals our daemon', async () => {
    await using daemon = await startDaemon(file);
    expect(run('pkill', '-F', file)).toMatchObject({ status: 0, stderr: '' });
    expect(await daemon.exited).toEqual(TERMINATED);
  });

  testPkill('with -L sees that the file is locked, and that it is not', async () => {
    await using daemon = await startDaemon(file);
    expect(run('pkill', '--signal', '0', '-L', '-F', file)).toMatchObject({ status: 0, stderr: '' });
    daemon.kill('SIGKILL');
    await daemon.exited;
    expect(run('pkill', '--signal', '0', '-L', '-F', file).status).not.toBe(0);
  });

  testPkill('finds nobody in an empty file', async () => {
    using pidfile = await acquirePidfile(file);
    pidfile.clear();
    expect(run('pkill', '--signal', '0', '-F', file).status).not.toBe(0);
  });
});

describe('start-stop-daemon --pidfile', () => {
  const { test: testTool } = needs('start-stop-daemon', 'root');

  testTool('tells whether it runs, and stops it', async () => {
    await using daemon = await startDaemon(file);
    expect(run('start-stop-daemon', '--status', '--pidfile', file)).toMatchObject({ status: 0, stderr: '' });
    expect(run('start-stop-daemon', '--stop', '--pidfile', file)).toMatchObject({ status: 0, stderr: '' });
    expect(await daemon.exited).toEqual(TERMINATED);
    // 1: not running, and the file is there.
    expect(run('start-stop-daemon', '--status', '--pidfile', file)).toMatchObject({ status: 1 });
  });

  testTool('starts no second one', async () => {
    await using daemon = await startDaemon(file);
    const words = ['--start', '--pidfile', file, '--startas', '/bin/echo', '--', 'ran'];
    expect(run('start-stop-daemon', ...words)).toMatchObject({ status: 1, stdout: expect.not.stringContaining('ran') });
    expect(daemon.child.exitCode).toBe(null);
  });
});

describe('kill(1) and the shell', () => {
  test.each([
    ['the first line, bash', 'bash', 'kill "$(head -n1 "$1")"'],
    ['the first line, sh', 'sh', 'kill "$(head -n1 "$1")"'],
    ['read', 'sh', 'read -r pid < "$1"; kill "$pid"'],
  ])('%s', async (_, shell, script) => {
    await using daemon = await startDaemon(file);
    expect(run(shell, '-c', script, shell, file)).toMatchObject({ status: 0, stderr: '' });
    expect(await daemon.exited).toEqual(TERMINATED);
  });

  test.each([
    ['all of it, bash', 'bash', 'kill $(cat "$1")'],
    ['all of it, sh', 'sh', 'kill $(cat "$1")'],
    ['all of it, the program', 'sh', '"$(command -v env)" kill $(cat "$1")'],
    ['all of it, xargs', 'sh', 'cat "$1" | xargs kill'],
    ['line by line', 'sh', 'cat "$1" | while read -r pid; do kill "$pid"; done'],
  ])('%s: the daemon gets it, and the second line is complained about', async (_, shell, script) => {
    await using daemon = await startDaemon(file);
    const { stderr } = run(shell, '-c', script, shell, file);
    expect(stderr).not.toBe('');
    expect(await daemon.exited).toEqual(TERMINATED);
  });

  test('info of spaces alone has its length in the file', async () => {
    await expect(acquirePidfile(file, { info: { text: ' '.repeat(600) } })).rejects.toMatchObject({
      name: 'TypeError',
    });
    using pidfile = await acquirePidfile(file, { info: { text: ' '.repeat(500) } });
    expect(pidfile.read()?.info).toEqual({ text: ' '.repeat(500) });
  });

  test('whatever is told in addition, the second line is one word that no kill takes for a pid', async () => {
    const info = { text: "a b\tc\nd -1 0 'x' * ? [a] \\ $HOME `id` \u00A0\u2028", list: [1, -1], '2 3': 4 };
    using pidfile = await acquirePidfile(file, { info });
    const [first, second = '', ...rest] = readFileSync(file, 'utf8').split('\n');
    expect([first, rest]).toEqual([String(process.pid), ['']]);
    expect(pidfile.read()?.info).toEqual(info);
    expect(second).toMatch(/^\{\S*\}$/);
    const words = (script: string) => run('sh', '-c', script, 'sh', file).stdout.split('\n').filter(Boolean);
    expect(words('printf "%s\\n" $(cat "$1")')).toEqual([first, second]);
    expect(words('xargs -n1 echo < "$1"')).toEqual([first, expect.stringMatching(/^\{\S+\}$/)]);
  });
});

describe('flock(1)', () => {
  const { test: testFlock } = needs('flock');
  const attempt = () => run('flock', '--nonblock', '--conflict-exit-code', '9', file, 'true').status;

  testFlock('we hold, it is refused; gone, it is not', async () => {
    const pidfile = await acquirePidfile(file);
    expect(attempt()).toBe(9);
    pidfile.close({ keep: true });
    expect(attempt()).toBe(0);
  });

  testFlock('it holds, we are refused, told who, and change nothing', async () => {
    writeFileSync(file, 'theirs');
    await using holder = await start('flock', '--no-fork', file, 'sh', '-c', 'echo ready; read line');
    expect(holder.first).toBe('ready');
    await expect(acquirePidfile(file)).rejects.toMatchObject({ code: 'EEXIST', ownerPid: holder.pid });
    expect(readFileSync(file, 'utf8')).toBe('theirs');
    const waiting = acquirePidfile(file, { timeoutMs: Infinity });
    holder.send('end');
    using pidfile = await waiting;
    expect(pidfile.read()?.pid).toBe(process.pid);
  });

  testFlock('a daemon that locks by it and writes its pid is found, pinned and signalled', async () => {
    await using daemon = await start(
      'flock',
      '-F',
      file,
      'sh',
      '-c',
      `echo $$ > '${file}'; echo ready; exec sleep 600`,
    );
    using owner = await pinPidfileOwner(file);
    expect([daemon.first, owner.pid, owner.record]).toEqual([
      'ready',
      daemon.pid,
      { pid: daemon.pid, origin: 'unknown' },
    ]);
    using ours = Pidfile.open(file);
    await ours.kill('TERM');
    expect(await daemon.exited).toEqual(TERMINATED);
  });
});

needs('lslocks').test('lslocks shows our lock, and whose it is', async () => {
  using _pidfile = await acquirePidfile(file);
  const { locks } = JSON.parse(runTool('lslocks', ['--json', '--notruncate'])) as { locks: Record<string, unknown>[] };
  const wanted = { command: expect.any(String), pid: process.pid, type: 'FLOCK', mode: 'WRITE', path: file };
  expect(locks).toContainEqual(expect.objectContaining(wanted));
});

/** Programs that hold a pidfile, and what they say when they are refused. */
const others: [string, Parameters<typeof needs>, () => [string, ...string[]], string][] = [
  ['Python, fcntl.flock', ['python3'], () => ['python3', '-c', PYTHON_FLOCK, file], 'held'],
  ['C, flopen', ['gcc'], () => [compiled(), file], 'held'],
  ['libbsd, flopen', ['libbsd'], () => ['python3', '-c', LIBBSD_FLOPEN, file], 'EAGAIN'],
  ['libbsd, pidfile_open', ['libbsd'], () => ['python3', '-c', LIBBSD_PIDFILE, file], 'EEXIST 0'],
];

function compiled(): string {
  const program = join(directory.path, 'flopen');
  runTool('gcc', ['-o', program, fileURLToPath(new URL('fixtures/flopen.c', import.meta.url))]);
  return program;
}

describe.each(others)('%s', (_, wanted, words, refusal) => {
  const { test: testOther } = needs(...wanted);

  testOther('we hold: it is refused, and changes nothing', async () => {
    using _pidfile = await acquirePidfile(file);
    const before = readFileSync(file, 'utf8');
    const [command, ...args] = words();
    expect(run(command, ...args)).toMatchObject({ status: 1, stdout: `${refusal}\n` });
    expect(readFileSync(file, 'utf8')).toBe(before);
  });

  testOther('it holds: we are refused and told by whom; then it is pinned and ended, and we follow', async () => {
    await using holder = await start(...words());
    expect(holder.first).toBe('ready');
    expect(readPidfile(file)).toEqual({ pid: holder.pid, origin: 'unknown' });
    await expect(acquirePidfile(file)).rejects.toMatchObject({ code: 'EEXIST', ownerPid: holder.pid });
    const waiting = acquirePidfile(file, { timeoutMs: Infinity });
    using owner = await pinPidfileOwner(file);
    expect(owner.pid).toBe(holder.pid);
    owner.kill('SIGTERM');
    expect(await holder.exited).toEqual(TERMINATED);
    using pidfile = await waiting;
    expect(pidfile.read()?.pid).toBe(process.pid);
  });
});

needs('libbsd').test('pidfile_open, asked who has it, wants nothing behind the pid: EINVAL, and no lock', async () => {
  using _pidfile = await acquirePidfile(file);
  expect(run('python3', '-c', LIBBSD_PIDFILE, file, 'who')).toMatchObject({
    status: 1,
    stdout: `EINVAL ${process.pid}\n`,
  });
});
