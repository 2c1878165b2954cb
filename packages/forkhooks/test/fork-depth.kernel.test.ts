import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, readlinkSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';

import { beforeAll, describe, expect, test } from 'vitest';

import { addForkHook, forkDepth } from '@osx/forkhooks';
import { needs, runFixture } from '@osx/test-support';

const NAME = 'OSX_FORKHOOKS_ROOT';
const file = fileURLToPath(new URL('./fixtures/depth.ts', import.meta.url));

/** What the program says, and what it starts says, in a tree whose first process is this one. */
function depths(args: string[] = [], env: NodeJS.ProcessEnv = process.env): number[] {
  const { stdout, stderr } = spawnSync(process.execPath, [file, ...args], { encoding: 'utf8', env });
  expect(stderr).toBe('');
  return stdout.trim().split('\n').map(Number);
}

function withHook<T>(run: () => T): T {
  using _hook = addForkHook({ key: 'a' });
  return run();
}

let claim = '';
beforeAll(() => {
  claim = withHook(() => spawnSync('printenv', [NAME], { encoding: 'utf8' }).stdout.trim());
});

describe('forkDepth', () => {
  test('0 here, 1 in a child, 2 in its child, which has no hooks, and so on', () => {
    expect(forkDepth()).toBe(0);
    expect(withHook(() => depths(['3']))).toEqual([1, 2, 3, 4]);
  });

  test('every process counts, also a shell in between', () => {
    expect(withHook(() => depths(['1', 'sh', '-c', '"$@"; true', 'sh']))).toEqual([1, 3]);
  });

  test('a program that takes the place of the first is the first', () => {
    const script = `exec "$@"`;
    const first = ['-c', script, 'sh', process.execPath, '--import', '@osx/forkhooks/register', file, '1'];
    const { stdout } = spawnSync('sh', first, { encoding: 'utf8', cwd: import.meta.dirname });
    expect(stdout).toBe('0\n1\n');
  });

  test('without hooks anywhere everybody is the first', () => {
    expect(depths(['1'])).toEqual([0, 0]);
  });

  test('the preload makes a program the first of its tree, though it adds no hook', () => {
    const args = ['--import', '@osx/forkhooks/register', file, '2'];
    const { stdout } = spawnSync(process.execPath, args, { encoding: 'utf8', cwd: import.meta.dirname });
    expect(stdout).toBe('0\n1\n2\n');
  });

  test('a Worker has the depth of its process', async () => {
    using _hook = addForkHook({ key: 'a' });
    expect(await once(new Worker(file), 'message')).toEqual([0]);
  });

  test('hooks of a child lead back to the same first process', () => {
    using _hook = addForkHook({ key: 'a', afterForkInChild: () => {} });
    expect(depths(['1'])).toEqual([1, 2]);
  });

  test('env: {} and an environment of its own do not lose it', () => {
    expect(withHook(() => depths([], {}))).toEqual([1]);
  });
});

describe('forged and stale claims change nothing', () => {
  const system = (): string => claim.split('/').slice(0, 2).join('/');
  const startTime = (pid: number | 'self'): string => {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  };

  test('the true claim of this process counts: the others fail for what is wrong in them', () => {
    expect(claim).toBe(`${readBootId()}/${pidNamespace()}/${process.pid}/${startTime('self')}`);
    expect(depths([], { [NAME]: claim })).toEqual([1]);
  });

  test.each<[string, () => string]>([
    ['nothing', () => ''],
    ['a number', () => '7'],
    ['garbage', () => 'a/b/c/d'],
    ['slashes', () => '/'.repeat(100_000)],
    ['another start time, as a recycled pid has', () => `${system()}/${process.pid}/${Number(startTime('self')) - 1}`],
    ['another boot', () => claim.replace(/^[0-9a-f]{8}/, '00000000')],
    ['another pid namespace', () => claim.replace(/\/\d+\//, '/1/')],
    ['a pid that there is none of', () => `${system()}/4194304/1`],
    ['a negative pid', () => `${system()}/-1/1`],
    ['pid 0', () => `${system()}/0/0`],
    ['something behind it', () => `${claim}/1`],
    ['something before it', () => `x${claim}`],
  ])('%s', (_what, forged) => {
    expect(depths([], { [NAME]: forged() })).toEqual([0]);
  });

  test('a process that lives and is no ancestor', async () => {
    const other = spawnSleeper();
    try {
      expect(depths([], { [NAME]: `${system()}/${other.pid}/${startTime(other.pid)}` })).toEqual([0]);
    } finally {
      await other.end();
    }
  });

  test('under a hook, a claim that a hook or the caller has written is replaced', () => {
    expect(withHook(() => depths([], { [NAME]: 'forged' }))).toEqual([1]);
    using _forger = addForkHook({ key: 'forger', beforeFork: ({ env }) => void (env[NAME] = 'forged') });
    expect(depths()).toEqual([1]);
  });

  test('a process whose parent has died is the first of a new tree', async () => {
    const { stdout } = await runFixture(new URL('./fixtures/orphan.ts', import.meta.url));
    expect(stdout).toBe('0\n');
  });

  needs('root', 'pid-namespace').test('in a pid namespace of its own, the first of a new tree', () => {
    using _hook = addForkHook({ key: 'a' });
    const args = ['--pid', '--fork', '--mount-proc', process.execPath, file, '1'];
    expect(spawnSync('unshare', args, { encoding: 'utf8' }).stdout).toBe('0\n0\n');
  });

  needs('root', 'pid-namespace').test(
    'without /proc everybody is the first, and children are started all the same',
    () => {
      using _hook = addForkHook({ key: 'a', afterForkInChild: () => {} });
      const program = [process.execPath, file, '1'];
      const script = 'mount -t tmpfs none /proc && exec "$@"';
      const { stdout, stderr } = spawnSync('unshare', ['--mount', 'sh', '-c', script, 'sh', ...program], {
        encoding: 'utf8',
      });
      expect([stdout, stderr]).toEqual(['0\n0\n', '']);
    },
  );

  function readBootId(): string {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();
  }
  function pidNamespace(): string {
    return /\d+/.exec(readlinkSync('/proc/self/ns/pid'))?.[0] ?? '';
  }
});

function spawnSleeper(): { pid: number; end: () => Promise<unknown> } {
  const { spawn } = process.getBuiltinModule('node:child_process');
  const child = spawn('sleep', ['60'], { stdio: 'ignore' });
  return {
    pid: child.pid as number,
    end: () => {
      const exited = once(child, 'exit');
      child.kill('SIGKILL');
      return exited;
    },
  };
}
