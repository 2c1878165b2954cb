import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { eventually, temporaryDirectory } from '@osx/test-support';

import { runPidfile, startDaemon, startPidfile } from './fixtures/pidfile-command.ts';

let directory: ReturnType<typeof temporaryDirectory>;
let file: string;

beforeEach(() => {
  directory = temporaryDirectory('pidfile-kill');
  file = join(directory.path, 'job.pid');
});
afterEach(() => directory[Symbol.dispose]());

describe('kill', () => {
  test.each([
    [[], 'SIGTERM'],
    [['HUP'], 'SIGHUP'],
    [['-KILL'], 'SIGKILL'],
    [['-s', 'sigusr1'], 'SIGUSR1'],
    [['10'], 'SIGUSR1'],
  ])('%j sends %s', async (words, signal) => {
    await using daemon = await startDaemon(file);
    expect(await runPidfile(['kill', ...words, file])).toMatchObject({ code: 0, stdout: '', stderr: '' });
    expect(await daemon.exited).toEqual({ code: null, signal });
    const again = await runPidfile(['kill', ...words, file]);
    expect(again).toMatchObject({ code: 1, stderr: expect.stringMatching(/^pidfile: ESRCH: [^\n]+\n$/) });
  });

  test('0 only asks', async () => {
    await using daemon = await startDaemon(file);
    expect(await runPidfile(['kill', '0', file])).toMatchObject({ code: 0, stderr: '' });
    expect(await runPidfile(['status', '-q', file])).toMatchObject({ code: 0 });
    daemon.kill('SIGKILL');
    await daemon.exited;
    expect(await runPidfile(['kill', '-0', file])).toMatchObject({ code: 1 });
  });

  test('a real-time signal', async () => {
    // bash queues them as any other; its trap proves which one came.
    await using daemon = await startDaemon(
      file,
      'exec bash -c \'trap "echo three; exit 3" SIGRTMIN+3; echo set; while :; do read -t 1 <> <(:); done\'',
    );
    expect(await daemon.nextLine()).toBe('set');
    expect(await runPidfile(['kill', 'RTMIN+3', file])).toMatchObject({ code: 0 });
    expect(await daemon.nextLine()).toBe('three');
  });

  test('--wait returns when it has ended', async () => {
    await using daemon = await startDaemon(
      file,
      'trap "sleep 0.3; exit 0" TERM; echo set; while :; do sleep 0.05; done',
    );
    expect(await daemon.nextLine()).toBe('set');
    expect(await runPidfile(['kill', '--wait', file])).toMatchObject({ code: 0 });
    expect(await runPidfile(['status', file])).toMatchObject({ code: 1 });
    expect(await daemon.exited).toEqual({ code: 0, signal: null });
  });

  test('--wait --timeout gives up on one that does not end', async () => {
    await using daemon = await startDaemon(file, 'trap "" TERM; echo set; exec sleep 600');
    expect(await daemon.nextLine()).toBe('set');
    const result = await runPidfile(['kill', '--wait', '--timeout', '0.3', file]);
    const message = new RegExp(`^pidfile: ETIMEDOUT: process ${daemon.pid} [^\n]*\n$`);
    expect(result).toMatchObject({ code: 5, stderr: expect.stringMatching(message) });
    expect(await runPidfile(['kill', '-w', '-t', '20', 'KILL', file])).toMatchObject({ code: 0 });
    expect(await daemon.exited).toEqual({ code: null, signal: 'SIGKILL' });
  });
});

describe('pin', () => {
  test('prints the pid, and ends when the process does', async () => {
    await using daemon = await startDaemon(file);
    await using pin = startPidfile(['pin', file]);
    expect(await pin.nextLine()).toBe(String(daemon.pid));
    expect(pin.child.exitCode).toBe(null);
    daemon.kill('SIGTERM');
    expect(await pin.exited).toEqual({ code: 0, signal: null });
    expect(pin.takeLines()).toEqual([]);
    expect(pin.stderr).toBe('');
  });

  test('as JSON it says both, in two lines', async () => {
    await using daemon = await startDaemon(file);
    await using pin = startPidfile(['pin', '--json', file]);
    expect(JSON.parse(await pin.nextLine())).toMatchObject({ file, pid: daemon.pid, origin: 'here' });
    daemon.kill('SIGTERM');
    expect(JSON.parse(await pin.nextLine())).toMatchObject({ file, pid: daemon.pid, ended: true });
  });

  test('the end of its own process, not of the file', async () => {
    await using daemon = await startDaemon(file);
    await using pin = startPidfile(['pin', '--json', file]);
    await pin.nextLine();
    daemon.kill('SIGKILL');
    await daemon.exited;
    await using _next = await startDaemon(file);
    expect(await pin.exited).toEqual({ code: 0, signal: null });
  });

  test('--timeout: exit 5 while it runs', async () => {
    await using daemon = await startDaemon(file);
    const result = await runPidfile(['pin', '--timeout', '1', file]);
    expect(result).toMatchObject({
      code: 5,
      stdout: `${daemon.pid}\n`,
      stderr: expect.stringMatching(/^pidfile: ETIMEDOUT/),
    });
  });

  test.each(['SIGTERM', 'SIGUSR1', 'SIGINT'] as const)('%s ends it as that signal', async (signal) => {
    await using _daemon = await startDaemon(file);
    await using pin = startPidfile(['pin', file]);
    await pin.nextLine();
    pin.kill(signal);
    expect(await pin.exited).toEqual({ code: null, signal });
    expect(pin.stderr).toBe('');
  });

  test('a starter that has locked and not written is waited for', async () => {
    await using starter = await startDaemon(file);
    const record = readFileSync(file);
    truncateSync(file);
    await using pin = startPidfile(['pin', file]);
    await eventually(() => readFileSync(`/proc/${pin.pid}/status`, 'latin1').includes('State:\tS'));
    writeFileSync(file, record);
    expect(await pin.nextLine()).toBe(String(starter.pid));
  });
});
