import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { randomUUID } from 'node:crypto';

import { eventually, needs } from '@osx/test-support';
import { describe, expect } from 'vitest';

import { deathpactCommand, runDeathpact } from './deathpact-command.ts';
import { killMarked, processesWith } from './survivors.ts';

const { test } = needs('linux');
const timeout = 60_000;
const timeoutMs = 30_000;
const modes = [
  ['becoming it', []],
  ['staying with it', ['--grace', '1000']],
] as const;

describe.each(modes)('%s', (name, options) => {
  test.each([
    [['sh', '-c', 'exit 42'], { code: 42, signal: null, stderr: '' }],
    [['sh', '-c', 'kill -USR2 $$'], { code: null, signal: 'SIGUSR2', stderr: '' }],
    [
      ['surely-no-such-program'],
      { code: 127, stderr: "deathpact: no such file or directory: 'surely-no-such-program'\n" },
    ],
    [['/etc/passwd'], { code: 126, stderr: "deathpact: permission denied: '/etc/passwd'\n" }],
  ])('%j ends as it should', { timeout }, async (command, expected) => {
    expect(await runDeathpact([...options, ...command])).toMatchObject(expected);
  });

  test('arguments behind the command are its own', { timeout }, async () => {
    const words = ['printf', '<%s>', '', 'a b', '--tree', '--', '-s', 'ü'];
    expect((await runDeathpact([...options, ...words])).stdout).toBe('<><a b><--tree><--><-s><ü>');
    expect((await runDeathpact([...options, '--', ...words])).stdout).toBe('<><a b><--tree><--><-s><ü>');
  });

  test('the program ends when whoever started it is killed', { timeout }, async () => {
    const marker = `osx-cli-${randomUUID()}`;
    const script = `"$@" & echo started; wait`;
    const shell = spawn('sh', ['-c', script, 'sh', process.execPath, deathpactCommand, ...options, 'sleep', '600'], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, OSX_CLI: marker },
    });
    try {
      await once(shell.stdout, 'data');
      await eventually(() => processesWith(marker).some((pid) => comm(pid) === 'sleep'), { timeoutMs });
      expect(processesWith(marker)).toHaveLength(name === 'becoming it' ? 2 : 3);
      shell.kill('SIGKILL');
      await eventually(() => processesWith(marker).length === 0, { timeoutMs });
    } finally {
      killMarked(marker);
    }
  });

  test('a parent that is not the one that is meant: the command is not run', { timeout }, async () => {
    const result = await runDeathpact([...options, '--parent', '1', '--signal', 'USR1', 'echo', 'run']);
    expect(result).toMatchObject({ code: null, signal: 'SIGUSR1', stdout: '', stderr: '' });
    const here = await runDeathpact([...options, '--parent', String(process.pid), 'echo', 'run']);
    expect(here).toMatchObject({ code: 0, stdout: 'run\n' });
  });
});

test('it becomes the program: the same pid, and what the shell gave it', { timeout }, async () => {
  const env = { PATH: process.env['PATH'], 'odd.name': 'x', EMPTY: '' };
  const { stdout } = await runDeathpact(['sh', '-c', 'echo $PPID; exec cat /proc/self/environ'], env);
  expect(stdout).toContain(`${process.pid}\n`);
  const direct = await runDeathpact(['cat', '/proc/self/environ'], env);
  expect(direct.stdout.split('\0').filter(Boolean).sort()).toEqual(
    Object.entries(env)
      .map(([key, value]) => `${key}=${value}`)
      .sort(),
  );
});

test('staying with it, it hands on signals', { timeout }, async () => {
  const script = 'trap "echo got TERM; exit 7" TERM; trap "echo got HUP" HUP; echo ready; while :; do sleep 0.05; done';
  const child = spawn(process.execPath, [deathpactCommand, '--tree', 'sh', '-c', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
  await eventually(() => said.includes('ready'), { timeoutMs });
  child.kill('SIGHUP');
  await eventually(() => said.includes('got HUP'), { timeoutMs });
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  expect(await exited).toEqual([7, null]);
  expect(said).toContain('got TERM');
});

test('a tree that ignores SIGTERM ends with whoever started it', { timeout }, async () => {
  const marker = `osx-cli-${randomUUID()}`;
  const tree = `trap '' TERM; sh -c 'sleep 600 & wait' & (sleep 600 &) ; wait`;
  const words = [process.execPath, deathpactCommand, '--tree', '--grace', '50', 'sh', '-c', tree];
  const shell = spawn('sh', ['-c', '"$@" & wait', 'sh', ...words], {
    stdio: 'ignore',
    env: { ...process.env, OSX_CLI: marker },
  });
  try {
    await eventually(() => processesWith(marker).filter((pid) => comm(pid) === 'sleep').length === 2, { timeoutMs });
    shell.kill('SIGKILL');
    await eventually(() => processesWith(marker).length === 0, { timeoutMs });
  } finally {
    killMarked(marker);
  }
});

test('wrong usage: exit code 2, one line', { timeout }, async () => {
  const { code, stdout, stderr } = await runDeathpact(['--nope', 'true']);
  expect({ code, stdout, stderr }).toEqual({ code: 2, stdout: '', stderr: "deathpact: Unknown option '--nope'\n" });
});

test('help and version', { timeout }, async () => {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  expect(await runDeathpact(['--version'])).toMatchObject({ code: 0, stdout: `${version}\n`, stderr: '' });
  expect((await runDeathpact(['-h'])).stdout).toMatch(/^Usage: deathpact /);
});

function comm(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8').trim();
  } catch {
    return '';
  }
}
