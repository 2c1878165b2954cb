import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, rmdirSync, statSync } from 'node:fs';
import { basename, dirname } from 'node:path';

import { cgroupOf, openCgroup, ownCgroup } from '@osx/linux/cgroups';
import { openPidfd } from '@osx/linux/pidfd';
import {
  asUnprivilegedUser,
  eventually,
  expectNoNewFds,
  needs,
  openFds,
  runFixture,
  temporaryDirectory,
} from '@osx/test-support';
import { afterAll, beforeAll, expect } from 'vitest';

import { startIn, temporaryGroup } from './fixtures/cgroup-child.ts';

const { describe, test } = needs('cgroup2');
const probe = new URL('fixtures/cgroup-probe.ts', import.meta.url);

let before: ReadonlyMap<number, string>;
beforeAll(() => {
  before = openFds();
});
afterAll(() => expectNoNewFds(before));

function thrown(run: () => unknown): { code: string; message: string } {
  try {
    run();
  } catch (error) {
    return error as { code: string; message: string };
  }
  throw new Error('nothing was thrown');
}

async function probed(args: readonly string[], options: Parameters<typeof runFixture>[2] = {}): Promise<unknown> {
  const { stdout, stderr } = await runFixture(probe, args, options);
  return JSON.parse(stdout === '' ? `"${stderr}"` : stdout) as unknown;
}

const kernelPath = (pid: number | 'self'): string | undefined =>
  /^0::(.*)$/m.exec(readFileSync(`/proc/${pid}/cgroup`, 'utf8'))?.[1];

describe('finding', () => {
  test('the own cgroup is the one that the kernel names', () => {
    using temporary = temporaryGroup();
    expect(existsSync(temporary.directory)).toBe(true);
    const own = ownCgroup();
    expect(own.path).toBe(kernelPath('self'));
    expect(readFileSync(`${own.directory}/cgroup.procs`, 'latin1').split('\n')).toContain(String(process.pid));
    expect(own.processes()).toContain(process.pid);
    expect(cgroupOf(process.pid).id).toBe(own.id);
  });

  test('that of another process, before and after it was moved', async () => {
    using temporary = temporaryGroup();
    const child = spawn('sleep', ['600'], { stdio: 'ignore' }) as { pid: number } & ReturnType<typeof spawn>;
    expect(cgroupOf(child.pid).path).toBe(kernelPath(child.pid));
    temporary.group.add(child.pid);
    expect([cgroupOf(child.pid).path, kernelPath(child.pid)]).toEqual([temporary.path, temporary.path]);
    expect([temporary.group.processes(), temporary.group.threads()]).toEqual([[child.pid], [child.pid]]);
    using pidfd = openPidfd(child.pid);
    expect(pidfd.info()?.cgroupId).toBe(temporary.group.id);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(thrown(() => cgroupOf(child.pid)).message).toBe(`ESRCH: no such process ${child.pid}, open`);
  });

  test('a process moves itself, with all its threads', async () => {
    using temporary = temporaryGroup();
    expect(await probed(['move', temporary.path])).toEqual({ own: temporary.path, kernel: temporary.path });
  });

  test('a zombie whose cgroup was removed', async () => {
    using temporary = temporaryGroup();
    const inner = temporary.group.create('inner');
    // The shell's child dies, and nobody waits for it.
    const shell = spawn('sh', ['-c', `sh -c 'echo $$ > "${inner.directory}/cgroup.procs"; echo $$' & exec sleep 600`], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = (await once(shell.stdout, 'data')) as [Buffer];
    await inner.waitUntilEmpty({ timeoutMs: 20_000 });
    inner.remove();
    const error = thrown(() => cgroupOf(Number(line)));
    expect(error).toMatchObject({ code: 'ENODEV', path: inner.path });
    expect(error.message).toContain('the cgroup of the process was removed');
    shell.kill('SIGKILL');
    await once(shell, 'exit');
  });

  test('a cgroup that is really called so', async () => {
    using temporary = temporaryGroup();
    const odd = temporary.group.create('odd (deleted)');
    const child = await startIn(odd, 'exec cat');
    expect(cgroupOf(child.pid).path).toBe(`${temporary.path}/odd (deleted)`);
    child.stdin.end();
    await child.exited;
  });

  test('a path that is not there, or leads elsewhere', () => {
    using temporary = temporaryGroup();
    expect(thrown(() => openCgroup(`${temporary.path}/none`)).code).toBe('ENOENT');
    expect(thrown(() => openCgroup(`${temporary.path}/../x`)).code).toBe('ERR_INVALID_ARG_VALUE');
    expect(thrown(() => openCgroup(`${temporary.path}/cgroup.procs`)).code).toBe('ENODEV');
    expect(thrown(() => cgroupOf(0)).code).toBe('ERR_OUT_OF_RANGE');
  });
});

needs('cgroup2', 'mount').describe('mounts and namespaces', () => {
  const inNamespace = (directory: string, script: string, flags = '--mount'): { prefix: string[] } => {
    const move = `echo $$ > '${directory}/cgroup.procs'`;
    const shell = ['sh', '-c', `${script} && exec "$@"`, 'sh'];
    return { prefix: ['sh', '-c', `${move} && exec "$@"`, 'sh', 'unshare', flags, '--propagation=private', ...shell] };
  };

  test('found through a bind mount of itself, when the rest is hidden', async () => {
    using temporary = temporaryGroup();
    using elsewhere = temporaryDirectory('osx cgroup');
    const hide = `mount --bind '${temporary.directory}' '${elsewhere.path}' && mount -t tmpfs none '${dirname(temporary.directory)}'`;
    expect(await probed(['own'], inNamespace(temporary.directory, hide))).toEqual({
      path: temporary.path,
      directory: elsewhere.path,
      name: basename(temporary.path),
      parent: null,
    });
  });

  test('in a cgroup namespace the own one is /, and a mount of its own is needed to see it', async () => {
    using temporary = temporaryGroup();
    using elsewhere = temporaryDirectory('osx-cgroup');
    const script = `exec unshare --cgroup sh -c 'MOUNT exec "$@"' sh "$@" && true`;
    const run = async (mount: string): Promise<unknown> =>
      await probed(['own'], inNamespace(temporary.directory, script.replace('MOUNT', mount)));
    expect(await run('')).toBe(
      "SystemError: ENOENT: no mounted cgroup2 shows this cgroup: mount one here, mount -t cgroup2 none DIRECTORY, stat '/'",
    );
    expect(await run(`mount -t cgroup2 none "${elsewhere.path}" &&`)).toEqual({
      path: '/',
      directory: elsewhere.path,
      name: '',
      parent: null,
    });
  });

  test('a process outside of the namespace is found where an older mount shows it, and only there', async () => {
    using temporary = temporaryGroup();
    using elsewhere = temporaryDirectory('osx-cgroup');
    const script = `exec unshare --cgroup sh -c 'MOUNT exec "$@"' sh "$@" && true`;
    const run = async (mount: string): Promise<unknown> =>
      await probed(['of', String(process.pid)], inNamespace(temporary.directory, script.replace('MOUNT', mount)));
    expect(await run('')).toMatch(/^\/\.\./);
    const others = `while grep -q " - cgroup2 " /proc/self/mountinfo; do umount -a -t cgroup2 || break; done; mount -t cgroup2 none "${elsewhere.path}" &&`;
    expect(await run(others)).toMatch(/^SystemError: ENOENT: no mounted cgroup2 shows this cgroup/);
  });

  test('a read-only mount says so, and a writable one is taken first', async () => {
    using temporary = temporaryGroup();
    using elsewhere = temporaryDirectory('osx-cgroup');
    const readOnly = `mount -o remount,bind,ro '${dirname(temporary.directory)}'`;
    const why = 'SystemError: EROFS: the cgroup file system is mounted read-only, as in most containers';
    expect(await probed(['create', temporary.path], inNamespace(temporary.directory, readOnly))).toEqual([
      `${why}, mkdir '${temporary.directory}/x'`,
      `${why}, open '${temporary.directory}/cgroup.max.depth'`,
    ]);
    const writable = `mount -t cgroup2 none '${elsewhere.path}' && ${readOnly}`;
    expect(await probed(['own'], inNamespace(temporary.directory, writable))).toMatchObject({
      directory: `${elsewhere.path}/${basename(temporary.directory)}`,
    });
  });

  test('no cgroup2 at all: what it takes', async () => {
    using temporary = temporaryGroup();
    const none = `mount -t tmpfs none '${dirname(temporary.directory)}'`;
    expect(await probed(['own'], inNamespace(temporary.directory, none))).toMatch(
      /^UnsupportedError: ENOTSUP: not supported on linux .* \(requires Linux 4.5, and the hierarchy mounted: mount -t cgroup2 none DIRECTORY\), cgroups v2$/,
    );
  });
});

describe('making and removing', () => {
  test('children, parents and names', () => {
    using temporary = temporaryGroup();
    const { group } = temporary;
    const b = group.create('b');
    const a = group.create('a');
    expect(statSync(a.directory).isDirectory()).toBe(true);
    expect(group.children().map(({ name, path, id }) => [name, path, id])).toEqual([
      ['a', `${temporary.path}/a`, a.id],
      ['b', `${temporary.path}/b`, b.id],
    ]);
    expect([b.parent?.path, b.parent?.id]).toEqual([group.path, group.id]);
    expect(thrown(() => group.create('a')).code).toBe('EEXIST');
    expect(thrown(() => group.create('../x')).code).toBe('ERR_INVALID_ARG_VALUE');
    expect(thrown(() => group.remove())).toMatchObject({ code: 'EBUSY', syscall: 'rmdir', path: group.directory });
    a.create('below');
    group.remove({ recursive: true });
    expect([existsSync(temporary.directory), group.exists, a.exists]).toEqual([false, false, false]);
  });

  test('a child whose name is not UTF-8 is an error, not a child that is left out', () => {
    using temporary = temporaryGroup();
    const name = Buffer.concat([Buffer.from(`${temporary.directory}/`), Buffer.from([0xff, 0x61])]);
    mkdirSync(name);
    try {
      expect(thrown(() => temporary.group.children()).message).toContain(
        'EILSEQ: the name of a child is not UTF-8 (ff61)',
      );
    } finally {
      rmdirSync(name);
    }
  });

  test('EBUSY with a process in it, and gone when that has ended', async () => {
    using temporary = temporaryGroup();
    const { group } = temporary;
    const child = await startIn(group, 'exec cat');
    expect(thrown(() => group.remove()).message).toContain('the cgroup has processes');
    expect(group.events()).toEqual({ populated: true, frozen: false });
    child.stdin.end();
    await group.waitUntilEmpty({ timeoutMs: 20_000 });
    group.remove();
    await child.exited;
  });

  test('once removed, it is gone for good: a new one under its name is another', () => {
    using temporary = temporaryGroup();
    const first = temporary.group.create('name');
    rmdirSync(first.directory);
    const gone = {
      code: 'ENODEV',
      path: first.directory,
      message: expect.stringContaining('the cgroup is gone') as string,
    };
    expect(thrown(() => first.processes())).toMatchObject(gone);
    mkdirSync(first.directory);
    const second = openCgroup(first.path);
    expect([second.id === first.id, second.exists, first.exists]).toEqual([false, true, false]);
    for (const use of [
      () => first.processes(),
      () => first.write('cgroup.freeze', 1),
      () => first.create('x'),
      () => first.remove(),
      () => first.children(),
    ])
      expect(thrown(use)).toMatchObject(gone);
    expect(existsSync(first.directory)).toBe(true);
  });

  test('cgroup.max.depth and cgroup.max.descendants are limits that are kept', () => {
    using temporary = temporaryGroup();
    const { group } = temporary;
    expect([group.getLimit('cgroup.max.depth'), group.getLimit('cgroup.max.descendants')]).toEqual([
      Infinity,
      Infinity,
    ]);
    group.setLimit('cgroup.max.descendants', 1);
    expect([group.getLimit('cgroup.max.descendants'), group.read('cgroup.max.descendants')]).toEqual([1, '1']);
    const only = group.create('only');
    expect(thrown(() => group.create('second'))).toMatchObject({
      code: 'EAGAIN',
      message: expect.stringContaining('cgroup.max.descendants or cgroup.max.depth is reached') as string,
    });
    group.setLimit('cgroup.max.descendants', Infinity);
    group.setLimit('cgroup.max.depth', 1);
    expect(thrown(() => only.create('deep')).code).toBe('EAGAIN');
    group.create('second');
    expect(group.readFlatKeyed('cgroup.stat')['nr_descendants']).toBe(2);
    expect(thrown(() => group.write('cgroup.max.depth', 'seven')).message).toMatch(
      /^EINVAL: the kernel refuses the value 'seven', write '.*\/cgroup.max.depth'$/,
    );
  });
});

describe('moving', () => {
  test('ESRCH, and a thread of the kernel', () => {
    using temporary = temporaryGroup();
    expect(thrown(() => temporary.group.add(2 ** 22 + 1)).message).toMatch(
      /^ESRCH: no such process, write '.*cgroup.procs'$/,
    );
    expect(thrown(() => temporary.group.add(0)).code).toBe('ERR_OUT_OF_RANGE');
    expect(thrown(() => temporary.group.add('1' as never)).code).toBe('ERR_INVALID_ARG_TYPE');
  });

  test('threads: a threaded cgroup has no processes, and takes the threads of its domain', async () => {
    using temporary = temporaryGroup();
    const { group } = temporary;
    const threaded = group.create('threaded');
    expect([group.type, threaded.type]).toEqual(['domain', 'domain']);
    const child = await startIn(group, 'exec cat');
    threaded.write('cgroup.type', 'threaded');
    expect([group.type, threaded.type]).toEqual(['domain threaded', 'threaded']);
    expect(thrown(() => threaded.processes()).message).toContain('holds threads and not processes');
    threaded.addThread(child.pid);
    expect([threaded.threads(), group.threads(), group.processes()]).toEqual([[child.pid], [], [child.pid]]);
    expect(thrown(() => threaded.addThread(process.pid)).message).toContain(
      'within the threaded subtree of its process',
    );
    await expect(threaded.kill()).rejects.toThrow('kill the domain that they belong to');
    const invalid = group.create('invalid');
    expect(invalid.type).toBe('domain invalid');
    expect(thrown(() => invalid.add(child.pid)).code).toBe('ENOTSUP');
    await group.kill({ timeoutMs: 20_000 });
    await child.exited;
    group.remove({ recursive: true });
  });

  test('the controllers that are not there, and names that no kernel knows', async () => {
    using temporary = temporaryGroup();
    const { group } = temporary;
    // Another test file hands controllers on for a moment.
    await eventually(
      () => group.controllers.join(' ') === readFileSync(`${group.directory}/cgroup.controllers`, 'latin1').trim(),
    );
    expect(group.subtreeControl).toEqual([]);
    expect(thrown(() => group.setSubtreeControl({ enable: ['nothing'] })).message).toMatch(
      /^EINVAL: the kernel has no controller of that name, write /,
    );
    // A child that nothing was handed on to has none.
    const child = group.create('child');
    expect(child.controllers).toEqual([]);
    expect(thrown(() => child.setSubtreeControl({ enable: ['memory'] })).message).toMatch(
      /^ENOENT: not a controller of this cgroup/,
    );
    expect(thrown(() => child.getLimit('memory.max')).message).toMatch(
      /^ENOENT: no such file in this cgroup: the controller memory must be in the subtree control of its parent, open '.*\/child\/memory.max'$/,
    );
    expect(thrown(() => child.setLimit('pids.max', 5)).code).toBe('ENOENT');
    expect(thrown(() => child.getLimit('memory.current' as never)).code).toBe('ERR_INVALID_ARG_VALUE');
    expect(thrown(() => child.read('../cgroup.procs')).code).toBe('ERR_INVALID_ARG_VALUE');
  });

  test('pressure, where the kernel measures it', () => {
    using temporary = temporaryGroup();
    const { group } = temporary;
    if (!existsSync(`${group.directory}/cpu.pressure`)) {
      expect(thrown(() => group.readNestedKeyed('cpu.pressure')).code).toBe('ENOENT');
      return;
    }
    expect(group.readNestedKeyed('cpu.pressure')['some']).toEqual({
      avg10: expect.any(Number) as number,
      avg60: expect.any(Number) as number,
      avg300: expect.any(Number) as number,
      total: expect.any(Number) as number,
    });
  });
});

needs('cgroup2', 'unprivileged-user').test('somebody who may not write is told what it takes', async () => {
  using temporary = temporaryGroup();
  const refused = (await probed(['refused', temporary.path], asUnprivilegedUser)) as Record<string, string>;
  for (const message of Object.values(refused)) expect(message).toMatch(/^SystemError: EACCES: /);
  expect(refused['create']).toContain(
    'only who may write the parent directory may make cgroups in it (delegation), mkdir',
  );
  expect(refused['remove']).toContain('may remove cgroups from it (delegation), rmdir');
  expect(refused['add']).toMatch(/a process is moved only by who may also write cgroup.procs .*open '.*cgroup.procs'$/);
});

test('children, as tools see them: ps says where a process is', async () => {
  using temporary = temporaryGroup();
  const child = await startIn(temporary.group, 'exec cat');
  const seen = await eventually(() =>
    execFileSync('ps', ['-o', 'cgroup=', '-p', String(child.pid)], { encoding: 'utf8' }),
  );
  expect(seen).toContain(temporary.path);
  child.stdin.end();
  await child.exited;
});
