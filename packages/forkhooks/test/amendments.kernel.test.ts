import { exec, execFile, execFileSync, spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { realpathSync } from 'node:fs';
import { promisify } from 'node:util';
import { SHARE_ENV, Worker } from 'node:worker_threads';

import { afterEach, describe, expect, test } from 'vitest';

import { addForkHook, removeForkHook } from '@osx/forkhooks';
import type { ForkEvent } from '@osx/forkhooks';
import { needs } from '@osx/test-support';

const text = { encoding: 'utf8' } as const;
afterEach(() => {
  removeForkHook('amend');
});

function amend(beforeFork: (event: ForkEvent) => unknown): void {
  addForkHook({ key: 'amend', beforeFork });
}

async function output(child: ChildProcess): Promise<string> {
  let all = '';
  child.stdout?.setEncoding('utf8').on('data', (chunk: string) => (all += chunk));
  await once(child, 'close');
  return all;
}

describe('a process', () => {
  test('command and arguments', async () => {
    amend((event) => {
      event.command = 'echo';
      event.args.unshift('amended:');
    });
    expect(await output(spawn('false', ['a b', '']))).toBe('amended: a b \n');
    expect(spawnSync('false', ['c'], text).stdout).toBe('amended: c\n');
    expect((await promisify(execFile)('false')).stdout).toBe('amended:\n');
    // Of a shell, what the shell is given.
    expect((await promisify(exec)('ls')).stdout).toBe('amended: -c ls\n');
  });

  test('a new list of arguments', () => {
    amend((event) => {
      event.args = ['new'];
    });
    expect(spawnSync('echo', ['old'], text).stdout).toBe('new\n');
  });

  test('a launcher before the command: the pid is that of the program', async () => {
    amend((event) => {
      event.args = ['-c', 'exec "$@"', 'launcher', event.command, ...event.args];
      event.command = 'sh';
    });
    const child = spawn('sh', ['-c', 'echo $$']);
    expect(await output(child)).toBe(`${child.pid}\n`);
  });

  test('environment: set, changed, taken away; the environment of this process and of the caller stay', async () => {
    amend(({ env }) => {
      env['SET'] = 'a=b c';
      env['CHANGED'] = `${env['CHANGED']}!`;
      env['GONE'] = undefined;
      delete env['DELETED'];
    });
    const env = Object.freeze({ PATH: process.env['PATH'], CHANGED: 'x', GONE: '1', DELETED: '1' });
    const script = 'echo "$SET|$CHANGED|${GONE-unset}|${DELETED-unset}"';
    expect(await output(spawn('sh', ['-c', script], { env }))).toBe('a=b c|x!|unset|unset\n');
    expect(execFileSync('sh', ['-c', script], { ...text, env })).toBe('a=b c|x!|unset|unset\n');
    expect(process.env['SET']).toBe(undefined);
  });

  test('env: {} is an empty one, and the event says so', () => {
    const seen: string[][] = [];
    amend(({ env }) => void seen.push(Object.keys(env)));
    const { stdout } = spawnSync('/usr/bin/env', { ...text, env: {} });
    expect(seen).toEqual([[]]);
    // What is in it is what forkDepth goes by.
    expect(stdout).toMatch(/^OSX_FORKHOOKS_ROOT=.*\n$/);
  });

  test('cwd, argv0, detached, stdio, timeout', async () => {
    amend(({ options }) => {
      options['cwd'] = realpathSync('/tmp');
      options['argv0'] = 'shell';
    });
    expect(await output(spawn('sh', ['-c', 'pwd; echo $0']))).toBe(`${realpathSync('/tmp')}\nshell\n`);
    expect(spawnSync('sh', ['-c', 'pwd; echo $0'], { ...text, cwd: '/', argv0: 'was' }).stdout).toBe(
      `${realpathSync('/tmp')}\nshell\n`,
    );
    removeForkHook('amend');
    amend(({ options }) => {
      delete options['cwd'];
      options['detached'] = true;
      options['stdio'] = ['ignore', 'pipe', 'ignore'];
    });
    const child = spawn('sh', ['-c', 'pwd; cut -d" " -f6 /proc/$$/stat'], { cwd: '/', stdio: 'ignore' });
    expect((await output(child)).split('\n').map((line) => line.trim())).toEqual([process.cwd(), `${child.pid}`, '']);
    removeForkHook('amend');
    amend(({ options }) => void (options['timeout'] = 50));
    expect(await once(spawn('sleep', ['10']), 'exit')).toEqual([null, 'SIGTERM']);
    expect(spawnSync('sleep', ['10']).signal).toBe('SIGTERM');
  });

  needs('root').test('uid and gid', () => {
    amend(({ options }) => Object.assign(options, { uid: 65_534, gid: 65_534 }));
    expect(spawnSync('id', ['-u'], text).stdout).toBe('65534\n');
  });

  test('what no hook amends is started as the caller has it', () => {
    const seen: unknown[] = [];
    amend(({ options, env }) => void seen.push(options['argv0'], options['cwd'], env['A']));
    const env = { PATH: process.env['PATH'], A: 'b=c=d', '': 'no name' };
    const { stdout } = spawnSync('sh', ['-c', 'echo "$0 $A"; pwd'], { ...text, argv0: 'mine', cwd: '/', env });
    expect(stdout).toBe('mine b=c=d\n/\n');
    expect(seen).toEqual(['mine', '/', 'b=c=d']);
    expect(spawnSync('env', { ...text, env }).stdout.split('\n')).toEqual(
      expect.arrayContaining(['A=b=c=d', '=no name']),
    );
  });

  test("the caller's options are not changed", async () => {
    amend((event) => {
      event.options['cwd'] = '/';
      event.env['A'] = '1';
      event.args.push('b');
    });
    const args = Object.freeze(['a']) as string[];
    const options = Object.freeze({ env: Object.freeze({ PATH: process.env['PATH'] }) });
    expect(await output(spawn('echo', args, options))).toBe('a b\n');
    expect(spawnSync('echo', args, options).stdout.toString()).toBe('a b\n');
  });
});

const refused: [string, (event: ForkEvent) => void][] = [
  ['an empty command', (event) => void (event.command = '')],
  ['a command that is no string', (event) => void (event.command = 1 as unknown as string)],
  ['NUL in the command', (event) => void (event.command = 'true\0x')],
  ['NUL in an argument', (event) => void event.args.push('a\0b')],
  ['NUL in a value', (event) => void (event.env['A'] = 'a\0b')],
  ['NUL in a name', (event) => void (event.env['A\0'] = 'a')],
  ['a uid that is no integer', (event) => void (event.options['uid'] = 1.5)],
  ['a gid that is a string', (event) => void (event.options['gid'] = '0')],
  ['a cwd that is an object', (event) => void (event.options['cwd'] = new URL('file:///'))],
  ['detached that is no boolean', (event) => void (event.options['detached'] = 'yes')],
  ['a negative timeout', (event) => void (event.options['timeout'] = -1)],
  ['shell, which has had its effect', (event) => void (event.options['shell'] = true)],
  ['signal', (event) => void (event.options['signal'] = AbortSignal.timeout(1))],
  ['an option that there is none of', (event) => void (event.options['nice'] = 1)],
];

describe('an amendment that Node would not have taken', () => {
  test.each(refused)('%s: no child, and the hooks are unwound', (_what, change) => {
    const unwound: boolean[] = [];
    addForkHook({
      key: 'amend',
      beforeFork: change,
      afterForkInParent: (_event, outcome) => void unwound.push(outcome.unwound),
    });
    const wish = expect.objectContaining({ code: expect.stringMatching(/^ERR_INVALID_ARG/) as string });
    expect(() => spawn('true')).toThrow(wish);
    expect(() => spawnSync('true')).toThrow(wish);
    expect(unwound).toEqual([true, true]);
  });

  test('stdio of a Sync function', () => {
    amend(({ options }) => void (options['stdio'] = 'inherit'));
    expect(() => spawnSync('true')).toThrow(/event\.options\.stdio.*spawnSync may amend/);
  });
});

interface Echo {
  readonly argv: string[];
  readonly env: Record<string, string>;
  readonly workerData: unknown;
  readonly execArgv: string[];
}

describe('a Worker', () => {
  const file = new URL('./fixtures/echo-worker.ts', import.meta.url);
  const echo = async (worker: Worker): Promise<Echo> => ((await once(worker, 'message')) as [Echo])[0];

  test('file, arguments, environment, data', async () => {
    amend((event) => {
      event.command = file.href;
      event.args.push('b');
      event.env['SET'] = '1';
      event.options['workerData'] = { amended: true };
    });
    const options = Object.freeze({ argv: Object.freeze(['a']) as string[], workerData: 1 });
    const seen = await echo(new Worker('/nonexistent.js', options));
    expect(seen).toMatchObject({ argv: ['a', 'b'], env: { SET: '1', PATH: process.env['PATH'] } });
    expect(seen.workerData).toEqual({ amended: true });
    expect(seen.execArgv).toEqual(process.execArgv);
    expect(process.env['SET']).toBe(undefined);
  });

  test('an environment of its own', async () => {
    amend(({ env }) => void (env['SET'] = '1'));
    expect((await echo(new Worker(file, { env: { A: '2' } }))).env).toEqual({ A: '2', SET: '1' });
  });

  test('a shared environment cannot be amended: it is this one', async () => {
    amend(({ env }) => void (env['SET'] = '1'));
    expect(() => new Worker(file, { env: SHARE_ENV })).toThrow(TypeError);
    removeForkHook('amend');
    amend(({ env }) => expect(env['PATH']).toBe(process.env['PATH']));
    expect((await echo(new Worker(file, { env: SHARE_ENV }))).env['PATH']).toBe(process.env['PATH']);
  });
});
