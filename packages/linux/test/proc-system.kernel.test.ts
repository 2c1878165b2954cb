import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { cpus, freemem, loadavg, totalmem } from 'node:os';
import { join } from 'node:path';

import {
  listProcesses,
  openProcess,
  readCpuinfo,
  readLoadavg,
  readLocks,
  readMeminfo,
  readMountinfo,
} from '@osx/linux/proc';
import type { MountInfo } from '@osx/linux/proc';
import { eventually, expectNoNewFds, needs, openFds, runTool, temporaryDirectory } from '@osx/test-support';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { startPython } from './fixtures/python-actor.ts';

let before: ReadonlyMap<number, string>;
beforeAll(() => {
  openProcess('self').close();
  before = openFds();
});
afterAll(() => expectNoNewFds(before));

describe('the list of processes', () => {
  test('has every process that was there before and is there after, rising', () => {
    const names = (): Set<number> =>
      new Set(
        readdirSync('/proc')
          .filter((name) => /^\d+$/.test(name))
          .map(Number),
      );
    const earlier = names();
    const pids = [...listProcesses()];
    const later = names();
    for (const pid of earlier) if (later.has(pid)) expect(pids).toContain(pid);
    expect(pids).toContain(process.pid);
    expect(pids).toEqual(pids.toSorted((a, b) => a - b));
    expect(new Set(pids).size).toBe(pids.length);
  });

  test('a loop that is left early leaves no descriptor open', () => {
    const open = openFds();
    for (const pid of listProcesses()) {
      expect(pid).toBeGreaterThan(0);
      break;
    }
    expectNoNewFds(open);
    // One that is never begun opens nothing.
    listProcesses();
    expectNoNewFds(open);
  });

  test('processes that end meanwhile are no error', async () => {
    const children = Array.from({ length: 20 }, () => spawn('sleep', ['600'], { stdio: 'ignore' }));
    const exits = children.map((child) => once(child, 'exit'));
    const alive: number[] = [];
    for (const pid of listProcesses()) {
      for (const child of children) child.kill('SIGKILL');
      try {
        using target = openProcess(pid);
        if (target.isAlive()) alive.push(pid);
      } catch (error) {
        expect((error as { code: string }).code).toBe('ESRCH');
      }
    }
    await Promise.all(exits);
    expect(alive).toContain(process.pid);
  });
});

describe('locks', () => {
  needs('python3').test('holders of every kind, and a chain of those that wait', async () => {
    using directory = temporaryDirectory('proc');
    const path = join(directory.path, 'lock');
    writeFileSync(path, '');
    const options = { env: { ...process.env, FILE: path } };
    const opening = "f = os.open(os.environ['FILE'], os.O_RDWR)\n";
    await using holder = await startPython(`${opening}fcntl.lockf(f, fcntl.LOCK_EX, 10, 5); print(1)`, options);
    const { ino } = statSync(path, { bigint: true });
    const ours = () => readLocks().filter(({ inode }) => inode === ino);
    expect(ours()).toMatchObject([
      { isBlocked: false, kind: 'posix', type: 'write', pid: holder.pid, start: 5n, end: 14n },
    ]);
    const waiting = `${opening}print(1); fcntl.lockf(f, fcntl.LOCK_EX)`;
    await using first = await startPython(waiting, options);
    await eventually(() => ours().length === 2);
    await using second = await startPython(waiting, options);
    await eventually(() => ours().length === 3);
    const listed = ours();
    expect(listed.map(({ isBlocked, pid }) => [isBlocked, pid])).toEqual([
      [false, holder.pid],
      [true, first.pid],
      [true, second.pid],
    ]);
    expect(new Set(listed.map(({ id }) => id)).size).toBe(1);
    await using flock = await startPython(`${opening}fcntl.flock(f, fcntl.LOCK_SH); print(1)`, options);
    await using ofd = await startPython(
      `${opening}fcntl.fcntl(f, 37, struct.pack('hhqqi4x', 0, 0, 100, 1, 0)); print(1)`,
      options,
    );
    expect(ofd.pid).toBeGreaterThan(0);
    const others = ours().filter(({ kind }) => kind !== 'posix');
    expect(others.map(({ kind, type, pid, start, end }) => [kind, type, pid, start, end])).toEqual(
      expect.arrayContaining([
        ['flock', 'read', flock.pid, 0n, null],
        ['ofd', 'read', null, 100n, 100n],
      ]),
    );
    const device = others[0]?.device;
    const { mntId } = (() => {
      using target = openProcess(flock.pid);
      return target.fdinfo([...target.fds()].find(([, link]) => link.target === path)?.[0] as number);
    })();
    const mount = readMountinfo().find(({ id }) => id === mntId);
    // On btrfs and overlayfs the two differ.
    if (mount !== undefined && ['ext4', 'xfs', 'tmpfs'].includes(mount.fsType)) expect(device).toEqual(mount.device);
  });

  needs('python3', 'lslocks').test('agree with lslocks', async () => {
    using directory = temporaryDirectory('proc');
    const path = join(directory.path, 'lock');
    writeFileSync(path, '');
    await using holder = await startPython(
      "f = os.open(os.environ['FILE'], os.O_RDWR)\nfcntl.lockf(f, fcntl.LOCK_SH, 7, 3); fcntl.flock(f, fcntl.LOCK_EX); print(1)",
      { env: { ...process.env, FILE: path } },
    );
    const output = runTool('lslocks', [
      '--json',
      '--bytes',
      '-o',
      'PID,TYPE,MODE,START,END,INODE',
      '-p',
      String(holder.pid),
    ]);
    const { locks } = JSON.parse(output) as { locks: Record<string, string | number>[] };
    const mine = readLocks().filter(({ pid }) => pid === holder.pid);
    expect(new Set(mine.map(({ kind, type, start, end }) => `${kind} ${type} ${start} ${end ?? 0n}`))).toEqual(
      new Set(locks.map((lock) => `${lock['type']} ${lock['mode']} ${lock['start']} ${lock['end']}`.toLowerCase())),
    );
    expect(mine).toHaveLength(2);
  });
});

interface FindmntEntry {
  readonly id: number;
  readonly parent: number;
  readonly target: string;
  readonly source: string;
  readonly fstype: string;
  readonly 'vfs-options': string;
  readonly 'fs-options': string;
  readonly fsroot: string;
  readonly 'maj:min': string;
  readonly propagation: string;
}

/** What findmnt says of the mounts of a process. */
function findmnt(pid: number): FindmntEntry[] {
  const columns = 'ID,PARENT,TARGET,SOURCE,FSTYPE,VFS-OPTIONS,FS-OPTIONS,FSROOT,MAJ:MIN,PROPAGATION';
  const output = runTool('findmnt', ['--json', '--list', '-N', String(pid), '--nofsroot', '-o', columns]);
  return (JSON.parse(output) as { filesystems: FindmntEntry[] }).filesystems;
}

function propagationText({ propagation }: MountInfo): string {
  const words = [propagation.shared === undefined ? 'private' : 'shared'];
  if (propagation.master !== undefined) words.push('slave');
  if (propagation.isUnbindable) words.push('unbindable');
  return words.join(',');
}

describe('mounts', () => {
  needs('mount').test('agree with findmnt, in a namespace with every propagation and hostile names', async () => {
    using directory = temporaryDirectory('proc');
    const names = [
      'a b',
      'tab\tx',
      'new\nline',
      'back\\slash',
      '#hash',
      'ü',
      '\\040',
      'comma,colon:',
      'peer',
      'slave',
      'un',
    ];
    for (const name of names) mkdirSync(join(directory.path, name));
    const script = `set -e
      for name; do mount -t tmpfs 'so urce' "$PWD/$name"; done
      mount --make-shared peer
      mkdir peer/sub; mount --bind peer/sub slave; mount --make-slave slave; mount --make-shared slave
      mount --make-unbindable un
      echo ready; read line`;
    const [command, ...args] = ['unshare', '--mount', '--propagation', 'private', 'sh', '-c', script, 'sh', ...names];
    const child = spawn(command, args, { cwd: directory.path, stdio: ['pipe', 'pipe', 'inherit'] });
    const exited = once(child, 'exit');
    try {
      await once(child.stdout, 'data');
      using target = openProcess(child.pid as number);
      const mounts = target.mountinfo();
      const byTarget = new Map(mounts.map((mount) => [mount.mountPoint, mount]));
      for (const name of names.slice(0, 8)) {
        expect(byTarget.get(join(directory.path, name)), name).toMatchObject({ fsType: 'tmpfs', source: 'so urce' });
      }
      const of = (name: string) => byTarget.get(join(directory.path, name));
      expect(of('peer')?.propagation.shared).toBeGreaterThan(0);
      expect(of('slave')).toMatchObject({ root: '/sub', propagation: { master: of('peer')?.propagation.shared } });
      expect(of('slave')?.propagation.shared).not.toBe(of('slave')?.propagation.master);
      expect(of('un')?.propagation).toMatchObject({ shared: undefined, isUnbindable: true });

      const shown = findmnt(child.pid as number);
      // findmnt lists a mount point that is hidden by another as well; ids are of one mount.
      expect(new Set(shown.map(({ id }) => id))).toEqual(new Set(mounts.map(({ id }) => id)));
      for (const entry of shown) {
        const mount = mounts.find(({ id }) => id === entry.id) as MountInfo;
        expect({
          parent: mount.parentId,
          target: mount.mountPoint,
          fstype: mount.fsType,
          'vfs-options': mount.options.join(','),
          'fs-options': mount.superOptions.join(','),
          fsroot: mount.root,
          'maj:min': `${mount.device.major}:${mount.device.minor}`,
          propagation: propagationText(mount),
        }).toEqual({
          parent: entry.parent,
          target: entry.target,
          fstype: entry.fstype,
          'vfs-options': entry['vfs-options'],
          'fs-options': entry['fs-options'],
          fsroot: entry.fsroot,
          'maj:min': entry['maj:min'].trim(),
          propagation: entry.propagation,
        });
      }
    } finally {
      child.kill('SIGKILL');
      await exited;
    }
  });

  test('of this process, as text and as bytes', () => {
    const mounts = readMountinfo();
    using self = openProcess('self');
    expect(self.mountinfo()).toEqual(mounts);
    expect(readMountinfo({ encoding: 'buffer' }).map(({ mountPoint }) => String(mountPoint))).toEqual(
      mounts.map(({ mountPoint }) => mountPoint),
    );
    expect(mounts.find(({ mountPoint, fsType }) => mountPoint === '/proc' && fsType === 'proc')).toBeDefined();
    expect(() => readMountinfo({ encoding: 'latin1' } as never)).toThrow(/options\.encoding/);
  });
});

describe('figures of the system', () => {
  test('memory, against Node and Python', () => {
    const memory = readMeminfo();
    expect(memory.memTotalBytes).toBe(totalmem());
    const available = memory.memAvailableBytes as number;
    // Other processes come and go between the two.
    expect(Math.abs(available - freemem())).toBeLessThan(totalmem() / 4);
    expect(memory.fields.get('MemTotal')).toBe(memory.memTotalBytes);
    for (const [name, value] of memory.fields) expect(Number.isSafeInteger(value), name).toBe(true);
  });

  test('load, against Node', async () => {
    // The kernel counts anew every five seconds.
    await eventually(() => {
      const [earlier, { averages }, later] = [loadavg(), readLoadavg(), loadavg()];
      if (String(earlier) !== String(later)) return false;
      expect(averages).toEqual(later.map((value) => Math.round(value * 100) / 100));
      return true;
    });
    const { runnable, total, lastPid } = readLoadavg();
    expect([runnable >= 1, total >= runnable, lastPid > 0]).toEqual([true, true, true]);
  });

  test('processors, against Node', () => {
    const { processors } = readCpuinfo();
    expect(processors).toHaveLength(cpus().length);
    for (const [index, { model }] of cpus().entries()) {
      expect(processors[index]?.modelName ?? 'unknown').toBe(model);
    }
    expect(processors[0]?.flags.length).toBeGreaterThan(0);
  });
});
