import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { acquirePidfile, readPidfile } from '@osx/pidfiles';
import { eventually, FixtureProcess, runTool, temporaryDirectory } from '@osx/test-support';

import { pidfileCommand, runPidfile, startPidfile } from './fixtures/pidfile-command.ts';

let directory: ReturnType<typeof temporaryDirectory>;
let file: string;

beforeEach(() => {
  directory = temporaryDirectory('pidfile-lock');
  file = join(directory.path, 'job.pid');
});
afterEach(() => directory[Symbol.dispose]());

test('it holds the file until its input ends, and removes it', async () => {
  await using holder = startPidfile(['lock', file]);
  expect(await holder.nextLine()).toBe(String(holder.pid));
  expect(readPidfile(file)).toMatchObject({ pid: holder.pid, origin: 'here' });
  await expect(acquirePidfile(file)).rejects.toMatchObject({ code: 'EEXIST', ownerPid: holder.pid });
  holder.send('what comes is not read as anything');
  holder.child.stdin?.end();
  expect(await holder.exited).toEqual({ code: 0, signal: null });
  expect(existsSync(file)).toBe(false);
});

test.each(['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2', 'SIGALRM'] as const)(
  '%s: the file is removed, and the end is that signal',
  async (signal) => {
    await using holder = startPidfile(['lock', '--quiet', file]);
    await eventually(() => readPidfile(file));
    holder.kill(signal);
    expect(await holder.exited).toEqual({ code: null, signal });
    expect(existsSync(file)).toBe(false);
    expect(holder.stderr).toBe('');
  },
);

test('without a pipe as input it waits for a signal', async () => {
  await using holder = startPidfile(['lock', '--json', file], { stdio: ['ignore', 'pipe', 'pipe'] });
  expect(JSON.parse(await holder.nextLine())).toEqual({ file, pid: holder.pid });
  // /dev/null is at its end at once: give it the time in which an end of input would have been seen.
  const status = await runPidfile(['status', file]);
  expect(status).toMatchObject({ code: 0, stdout: expect.stringContaining(`running, pid ${holder.pid}`) });
  holder.kill('SIGTERM');
  expect(await holder.exited).toEqual({ code: null, signal: 'SIGTERM' });
});

test('killed without a warning it leaves a stale file, and nobody has to wait', async () => {
  await using holder = startPidfile(['lock', file]);
  await holder.nextLine();
  holder.kill('SIGKILL');
  await holder.exited;
  expect(await runPidfile(['status', file])).toMatchObject({ code: 1, stdout: expect.stringContaining('stale') });
  using _next = await acquirePidfile(file);
});

test('a coprocess of bash holds it for the script', async () => {
  const script = `
    coproc holder { exec "$1" "$2" lock "$3"; }
    read -r pid <&"\${holder[0]}"; echo "$pid $holder_PID"
    "$1" "$2" status --quiet "$3"; echo $?
    eval "exec \${holder[1]}>&-"; wait "$holder_PID"; echo $?`;
  const words = ['-c', script, 'bash', process.execPath, pidfileCommand, file];
  await using bash = new FixtureProcess(spawn('bash', words, { stdio: ['ignore', 'pipe', 'pipe'] }), 'bash');
  const [pid, itsPid] = (await bash.nextLine()).split(' ');
  expect(pid).toBe(itsPid);
  expect([await bash.nextLine(), await bash.nextLine()]).toEqual(['0', '0']);
  expect(existsSync(file)).toBe(false);
});

describe('while another has it', () => {
  test('refused at once, and told by whom', async () => {
    using _pidfile = await acquirePidfile(file);
    const before = [readFileSync(file, 'utf8'), runTool('stat', ['-c', '%y %z %i', file])];
    const result = await runPidfile(['lock', file]);
    const message = new RegExp(`^pidfile: [^\n]*process ${process.pid}[^\n]*\n$`);
    expect(result).toMatchObject({ code: 3, stdout: '', stderr: expect.stringMatching(message) });
    expect([readFileSync(file, 'utf8'), runTool('stat', ['-c', '%y %z %i', file])]).toEqual(before);
  });

  test('waiting: in time, and in vain', async () => {
    using pidfile = await acquirePidfile(file);
    expect(await runPidfile(['lock', '--timeout', '0.2', file])).toMatchObject({ code: 5, stdout: '' });
    await using waiting = startPidfile(['lock', '--timeout', '60', file]);
    await eventually(() => readFileSync(`/proc/${waiting.pid}/status`, 'latin1').includes('State:\tS'));
    pidfile.close();
    expect(await waiting.nextLine()).toBe(String(waiting.pid));
  });
});

test('no such directory: an error of the system', async () => {
  const result = await runPidfile(['lock', join(directory.path, 'no', 'job.pid')]);
  expect(result).toMatchObject({ code: 71, stderr: expect.stringMatching(/^pidfile: ENOENT: [^\n]+\n$/) });
});
