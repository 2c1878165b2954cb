import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { acquirePidfile } from '@osx/pidfiles';
import { asUnprivilegedUser, needs, runTool, temporaryDirectory } from '@osx/test-support';

import { pidfileCommand, runPidfile, startDaemon } from './fixtures/pidfile-command.ts';

const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string };
let directory: ReturnType<typeof temporaryDirectory>;
let file: string;

beforeEach(() => {
  directory = temporaryDirectory('pidfile-command', { mode: 0o777 });
  file = join(directory.path, 'job.pid');
});
afterEach(() => directory[Symbol.dispose]());

test('it says its version, and how it is used', async () => {
  expect(await runPidfile(['--version'])).toMatchObject({ code: 0, stdout: `${manifest.version}\n`, stderr: '' });
  const help = await runPidfile(['--help']);
  expect(help).toMatchObject({ code: 0, stderr: '' });
  for (const name of ['read', 'read-unverified', 'status', 'lock', 'pin', 'kill', 'exec']) {
    expect(help.stdout).toMatch(new RegExp(`^  ${name} +\\S`, 'm'));
  }
  const killHelp = await runPidfile(['kill', '--help']);
  expect(killHelp).toMatchObject({ code: 0, stdout: expect.stringMatching(/^Usage: pidfile kill/), stderr: '' });
});

test.each<[string[], RegExp]>([
  [[], /^pidfile: a command is missing/],
  [['renew', 'x'], /^pidfile: 'renew' is no command/],
  [['--json'], /^pidfile: '--json' is no command/],
  [['kill', 'TERMINATE', 'x'], /^pidfile: 'TERMINATE' is no signal of this system\n/],
  [['kill', 'RTMIN3', 'x'], /is no signal/],
  [['kill', '-s', '999', 'x'], /^pidfile: '999' is no signal/],
  [['kill', '-s', '', 'x'], /^pidfile: '' is no signal/],
  [['kill', 'evil\u001B[2J\n', 'x'], /^pidfile: 'evil\\u001b\[2J\\u000a' is no signal/],
])('%j is wrong usage: one line, exit 2', async (args, message) => {
  const result = await runPidfile(args, { cwd: directory.path });
  expect(result).toMatchObject({ code: 2, stdout: '', stderr: expect.stringMatching(message) });
  expect(result.stderr).toMatch(/^[^\n]*\n$/);
});

describe('of a running daemon', () => {
  test('read and read-unverified print its pid, status when it began', async () => {
    using pidfile = await acquirePidfile(file, { info: { port: 80 } });
    const pid = String(process.pid);
    expect(await runPidfile(['read', file])).toMatchObject({ code: 0, stdout: `${pid}\n`, stderr: '' });
    expect(await runPidfile(['read-unverified', file])).toMatchObject({ code: 0, stdout: `${pid}\n`, stderr: '' });
    const { code, stdout } = await runPidfile(['status', file]);
    expect([code, stdout]).toEqual([0, expect.stringMatching(`^${file}: running, pid ${pid} since 20.*Z\n$`)]);
    const since = /since (.*)\n/.exec(stdout)?.[1] ?? '';
    const startedAt = runTool('ps', ['-o', 'lstart=', '-p', pid]).trim();
    expect(Math.abs(Date.parse(since) - Date.parse(startedAt))).toBeLessThanOrEqual(1000);
    expect(pidfile.isLocked).toBe(true);
  });

  test('as JSON: one object, one line', async () => {
    using pidfile = await acquirePidfile(file, { info: { port: 80 } });
    const record = pidfile.read() as object;
    const results = await Promise.all(
      ['read', 'read-unverified', 'status'].map((name) => runPidfile([name, '--json', file])),
    );
    for (const { stdout, code } of results) {
      expect(code).toBe(0);
      expect(stdout).toMatch(/^\{.*\}\n$/);
      expect(JSON.parse(stdout)).toMatchObject({ ...record, file, pid: process.pid });
    }
    expect(JSON.parse(results[2]?.stdout ?? '')).toMatchObject({
      state: 'running',
      holders: [process.pid],
      proven: true,
      recordedPid: process.pid,
    });
  });

  test('quiet: the exit code says it', async () => {
    using _pidfile = await acquirePidfile(file);
    for (const name of ['read', 'read-unverified', 'status']) {
      expect(await runPidfile([name, '-q', file])).toMatchObject({ code: 0, stdout: '', stderr: '' });
    }
  });
});

describe('of what is no running daemon', () => {
  /** state, exit codes of status, read, read-unverified, lock; what may hold it open. */
  const cases: [string, (path: string) => unknown, string, number, number, number][] = [
    ['no file', () => {}, 'absent', 1, 1, 1],
    ['an empty file', (path) => writeFileSync(path, ''), 'empty', 1, 1, 1],
    ['a stale record', (path) => writeFileSync(path, `${process.pid}\n`), 'stale', 1, 1, 0],
    ['garbage', (path) => writeFileSync(path, 'none\n'), 'garbage', 4, 4, 4],
    ['pid 0', (path) => writeFileSync(path, '0\n'), 'garbage', 4, 4, 4],
    ['pid -1', (path) => writeFileSync(path, '-1\n'), 'garbage', 4, 4, 4],
    ['a NUL', (path) => writeFileSync(path, '12\0\n'), 'garbage', 4, 4, 4],
    ['10 MB', (path) => writeFileSync(path, '1'.repeat(10_000_000)), 'garbage', 4, 4, 4],
    ['a directory', (path) => mkdirSync(path), 'garbage', 4, 4, 4],
    ['a FIFO', (path) => runTool('mkfifo', [path]), 'garbage', 4, 4, 4],
    ['a device', (path) => symlinkSync('/dev/zero', path), 'garbage', 4, 4, 4],
    ['a dangling link', (path) => symlinkSync(`${path}-gone`, path), 'absent', 1, 1, 1],
  ];

  test.each(cases)('%s', async (_, make, state, statusCode, readCode, unverifiedCode) => {
    make(file);
    const names = ['status', 'read-unverified', 'read', 'kill', 'pin'];
    const [json, status, ...others] = await Promise.all(
      ['status --json', ...names].map((name) => runPidfile([...name.split(' '), file])),
    );
    expect(JSON.parse(json?.stdout ?? '')).toMatchObject({ file, state, pid: null, holders: [] });
    expect(status?.stdout).toMatch(new RegExp(`^${file}: ${state}`));
    const codes = [json, status, ...others].map((result) => result?.code);
    expect(codes).toEqual([statusCode, statusCode, unverifiedCode, readCode, readCode, readCode]);
    for (const { stderr, stdout, code } of others) {
      expect(stderr).toMatch(code === 0 ? /^$/ : /^pidfile: [^\n]+\n$/);
      expect(stdout === '').toBe(code !== 0);
    }
  });

  test('a socket', async () => {
    const server = createServer().listen(file);
    try {
      for (const name of ['status', 'read', 'kill', 'lock']) {
        expect(await runPidfile([name, file])).toMatchObject({ code: 4 });
      }
    } finally {
      server.close();
    }
  });

  test.each<[string, (path: string) => unknown]>(cases.slice(8).map(([name, make]) => [name, make]))(
    '%s is not locked, and nothing is made of it',
    async (_, make) => {
      make(file);
      const before = runTool('ls', ['-lR', '--time-style=full-iso', directory.path]);
      const lock = await runPidfile(['lock', file]);
      expect(lock).toMatchObject({ code: 4, stdout: '', stderr: expect.stringMatching(/^pidfile: [^\n]+\n$/) });
      expect(runTool('ls', ['-lR', '--time-style=full-iso', directory.path])).toBe(before);
    },
  );

  test('locked by somebody whom it does not name', async () => {
    await using _daemon = await startDaemon(file);
    const daemonPid = Number(readFileSync(file, 'utf8').split('\n')[0]);
    const facts = JSON.parse(readFileSync(file, 'utf8').split('\n')[1] ?? '') as object;
    const ofAnother = JSON.stringify({ ...facts, startTime: '1', identity: undefined });
    for (const [content, says] of [
      ['', 'nobody yet'],
      [`${daemonPid}\n${ofAnother}\n`, `an earlier pid ${daemonPid}`],
      [`${process.pid}\n`, `pid ${process.pid}`],
      ['none\n', 'nobody (garbage)'],
    ] as const) {
      writeFileSync(file, content);
      const text = `${file}: locked by pid ${daemonPid}, while it names ${says}\n`;
      expect(await runPidfile(['status', file])).toMatchObject({ code: 3, stdout: text });
      const json = await runPidfile(['status', '--json', file]);
      expect(JSON.parse(json.stdout)).toMatchObject({ state: 'locked-by-unnamed', pid: null, holders: [daemonPid] });
      const attempts = ['read', 'kill', 'pin'].map((name) => runPidfile([name, '--timeout', '0.1', file]));
      for (const result of await Promise.all(attempts)) {
        expect(result).toMatchObject({ code: 5, stdout: '', stderr: expect.stringContaining(String(daemonPid)) });
      }
    }
  });
});

test('a record of another boot, and one of another pid namespace, are said to be so', async () => {
  const facts = { bootId: 'another', pidNamespace: '1' };
  writeFileSync(file, `4321\n${JSON.stringify(facts)}\n`);
  expect(await runPidfile(['status', file])).toMatchObject({
    code: 1,
    stdout: `${file}: stale, names pid 4321 of another boot, and nobody holds it\n`,
  });
  const bootId = readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();
  writeFileSync(file, `4321\n${JSON.stringify({ ...facts, bootId })}\n`);
  expect(await runPidfile(['status', file])).toMatchObject({
    code: 77,
    stdout: `${file}: unknown, names pid 4321 of another pid namespace, who may hold it out of sight\n`,
  });
  expect(await runPidfile(['kill', file])).toMatchObject({ code: 77 });
});

describe('without permission', () => {
  needs('unprivileged-user').test("another user's daemon: seen, and not signalled", async () => {
    await using daemon = await startDaemon(file);
    const status = await runPidfile(['status', '--json', file], asUnprivilegedUser);
    expect(JSON.parse(status.stdout)).toMatchObject({ state: 'running', pid: daemon.pid });
    const kill = await runPidfile(['kill', file], asUnprivilegedUser);
    expect(kill).toMatchObject({ code: 77, stderr: expect.stringMatching(/^pidfile: [^\n]+\n$/) });
    expect(await runPidfile(['lock', file], asUnprivilegedUser)).toMatchObject({ code: 77 });
    // Without an identity the kernel's table is all there is to go by.
    writeFileSync(file, `${daemon.pid}\n`);
    const unproven = await runPidfile(['status', '--json', file], asUnprivilegedUser);
    expect(JSON.parse(unproven.stdout)).toMatchObject({ state: 'running', pid: daemon.pid, proven: false });
    expect(daemon.child.exitCode).toBe(null);
  });
});

describe('standard output', () => {
  const shell = (script: string) =>
    spawnSync('bash', ['-c', script, 'bash', process.execPath, pidfileCommand, file], { encoding: 'utf8' });

  test('a reader that goes away is no error', () => {
    const { stdout, stderr } = shell('exec 3>&1; { "$@" & }; wait $!; { "$1" "$2" status "$3"; echo $? >&3; } | true');
    expect([stdout.trim(), stderr]).toEqual([expect.stringMatching(/1$/), expect.not.stringContaining('EPIPE')]);
  });

  test('a full disk is one', () => {
    const { stderr, status } = shell('"$1" "$2" status "$3" > /dev/full');
    expect([status, stderr]).toEqual([71, expect.stringMatching(/^pidfile: ENOSPC: [^\n]*\n$/)]);
  });

  test('closed, like standard error: no harm', () => {
    expect(shell('"$1" "$2" status "$3" >&- 2>&-').status).toBe(1);
  });
});
