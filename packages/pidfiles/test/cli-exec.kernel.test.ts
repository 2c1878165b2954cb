import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { lockHolders } from '@osx/fcntl';
import { acquirePidfile, readPidfile } from '@osx/pidfiles';
import { eventually, needs, temporaryDirectory } from '@osx/test-support';

import { pidfileCommand, runPidfile, startDaemon, startPidfile } from './fixtures/pidfile-command.ts';

let directory: ReturnType<typeof temporaryDirectory>;
let file: string;

beforeEach(() => {
  directory = temporaryDirectory('pidfile-exec');
  file = join(directory.path, 'job.pid');
});
afterEach(() => directory[Symbol.dispose]());

describe('the program that it becomes', () => {
  test('has its pid, the record and the lock', async () => {
    await using daemon = await startDaemon(file);
    await eventually(() => readFileSync(`/proc/${daemon.pid}/comm`, 'utf8') === 'sleep\n');
    expect(readPidfile(file)).toMatchObject({ pid: daemon.pid, origin: 'here' });
    expect(await lockHolders(file)).toMatchObject([{ pid: daemon.pid, kind: 'flock', shared: false, isProven: true }]);
    expect(await runPidfile(['status', file])).toMatchObject({ code: 0 });
  });

  test('is known for the one that wrote the record: start time and identity outlive the change', async () => {
    await using daemon = await startDaemon(file);
    const [, stat = ''] = readFileSync(`/proc/${daemon.pid}/stat`, 'latin1').split(') ');
    expect(readPidfile(file)?.startTime).toBe(stat.split(' ')[19]);
    expect(await runPidfile(['read', file])).toMatchObject({ code: 0, stdout: `${daemon.pid}\n` });
  });

  test('gets the descriptors of before and the lock, and no other', async () => {
    const list = 'for fd in /proc/$$/fd/*; do echo "${fd##*/} $(readlink "$fd")"; done';
    const stdio = ['pipe', 'pipe', 'pipe'] as const;
    // Whatever this process lets its children inherit shows in both.
    const bare = spawnSync('bash', ['-c', list], { stdio: [...stdio], encoding: 'utf8' });
    const { stdout, stderr } = await runPidfile(['exec', file, '--', 'bash', '-c', list]);
    const numbers = (text: string) => new Map(text.split('\n').map((line) => line.split(' ', 2) as [string, string]));
    const lock = [...numbers(stdout)].filter(([fd]) => !numbers(bare.stdout).has(fd));
    expect(lock).toEqual([[expect.any(String), file]]);
    expect([...numbers(bare.stdout).keys()].every((fd) => numbers(stdout).has(fd))).toBe(true);
    expect(stderr).toBe('');
  });

  needs('python3').test('gets an empty mask, and no signal ignored, whatever the parent left behind', () => {
    const parent = fileURLToPath(new URL('fixtures/evil-parent.py', import.meta.url));
    const words = [parent, process.execPath, pidfileCommand, 'exec', file, '--', 'cat', '/proc/self/status'];
    const { stdout, stderr } = spawnSync('python3', words, { encoding: 'utf8' });
    expect(stderr).toBe('');
    for (const set of ['SigBlk', 'SigIgn', 'SigCgt', 'SigPnd', 'ShdPnd']) {
      expect(stdout).toMatch(new RegExp(`^${set}:\t0+$`, 'm'));
    }
    expect(stdout).toMatch(/^Threads:\t1$/m);
  });

  test('gets the arguments byte by byte, and the environment', () => {
    const script = `"$1" "$2" exec "$3" -- printf '<%s>' $'\\xff\\xfe' '' 'a b' -- --json; "$1" "$2" exec "$3" env`;
    const env = { PATH: process.env['PATH'], ODD: 'a=b\nc', EMPTY: '' };
    const words = ['-c', script, 'bash', process.execPath, pidfileCommand, file];
    const { stdout } = spawnSync('bash', words, { env, encoding: 'latin1' });
    const [args = '', after = ''] = stdout.split('<--json>');
    expect(args).toBe('<\xff\xfe><><a b><-->');
    expect(after).toContain('ODD=a=b\nc\n');
    expect(after).toContain('EMPTY=\n');
  });

  test('ends as it likes, and leaves a stale file that is in nobody’s way', async () => {
    expect(await runPidfile(['exec', file, '--', 'sh', '-c', 'exit 42'])).toMatchObject({ code: 42, stderr: '' });
    const killed = await runPidfile(['exec', file, '--', 'sh', '-c', 'kill -KILL $$']);
    expect(killed).toMatchObject({ code: null, signal: 'SIGKILL' });
    expect(await runPidfile(['status', file])).toMatchObject({ code: 1, stdout: expect.stringContaining('stale') });
    using next = await acquirePidfile(file);
    expect(next.isLocked).toBe(true);
  });
});

describe('a program that cannot be executed', () => {
  test.each<[string, (path: string) => void, string, number]>([
    ['missing', () => {}, './program', 127],
    ['missing from PATH', () => {}, 'surely-no-such-program', 127],
    ['empty name', () => {}, '', 127],
    ['not executable', (path) => writeFileSync(path, '#!/bin/sh\n'), './program', 126],
    ['directory', (path) => mkdirSync(path), './program', 126],
    ['missing interpreter', (path) => writeFileSync(path, '#!/no/such\n', { mode: 0o755 }), './program', 127],
  ])('%s', async (_, make, program, expected) => {
    make(join(directory.path, 'program'));
    const result = await runPidfile(['exec', file, '--', program], { cwd: directory.path });
    expect(result).toMatchObject({ stdout: '', stderr: expect.stringMatching(/^(pidfile|.*program): [^\n]+\n$/) });
    expect(result.code).toBe(expected);
    expect(await runPidfile(['status', file])).toMatchObject({ code: 1 });
  });

  test('we leave no file behind', async () => {
    expect(await runPidfile(['exec', file, '--', './program'])).toMatchObject({ code: 127 });
    expect(existsSync(file)).toBe(false);
  });

  test('a script without #! is run by the shell, as execvp does', async () => {
    const program = join(directory.path, 'script');
    writeFileSync(program, 'echo "run: $1"\n');
    chmodSync(program, 0o755);
    expect(await runPidfile(['exec', file, program, 'x'])).toMatchObject({ code: 0, stdout: 'run: x\n' });
  });

  test('of two on the PATH the one that may be executed is', async () => {
    for (const [name, mode] of [
      ['first', 0o644],
      ['second', 0o755],
    ] as const) {
      mkdirSync(join(directory.path, name));
      writeFileSync(join(directory.path, name, 'tool'), `#!/bin/sh\necho ${name}\n`, { mode });
    }
    const PATH = `${directory.path}/first:${directory.path}/second:${process.env['PATH'] ?? ''}`;
    const result = await runPidfile(['exec', file, 'tool'], { env: { PATH } });
    expect(result).toMatchObject({ code: 0, stdout: 'second\n' });
  });
});

describe('while another has it', () => {
  test('it is refused, names the holder, and runs nothing', async () => {
    using _pidfile = await acquirePidfile(file);
    const before = readFileSync(file);
    const result = await runPidfile(['exec', file, '--', 'echo', 'ran']);
    const message = new RegExp(`^pidfile: [^\n]*process ${process.pid}[^\n]*\n$`);
    expect(result).toMatchObject({ code: 3, stdout: '', stderr: expect.stringMatching(message) });
    expect(readFileSync(file)).toEqual(before);
  });

  test('it waits when told to, and gives up in time', async () => {
    using pidfile = await acquirePidfile(file);
    const late = await runPidfile(['exec', '--timeout', '0.2', file, '--', 'echo', 'ran']);
    expect(late).toMatchObject({ code: 5, stdout: '' });
    await using waiting = startPidfile(['exec', '--timeout', 'infinity', file, '--', 'echo', 'ran']);
    await eventually(() => readFileSync(`/proc/${waiting.pid}/status`, 'latin1').includes('State:\tS'));
    pidfile.close();
    expect(await waiting.nextLine()).toBe('ran');
  });

  test('a signal ends the waiting, as a signal', async () => {
    using _pidfile = await acquirePidfile(file);
    await using waiting = startPidfile(['exec', '--timeout', 'infinity', file, '--', 'echo', 'ran']);
    await eventually(() => readFileSync(`/proc/${waiting.pid}/status`, 'latin1').includes('State:\tS'));
    waiting.kill('SIGTERM');
    expect(await waiting.exited).toEqual({ code: null, signal: 'SIGTERM' });
  });
});
