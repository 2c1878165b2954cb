import { existsSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

import type { Cgroup } from '@osx/linux/cgroups';
import { expectNoNewFds, needs, openFds, runFixture, straceInject, threadCount } from '@osx/test-support';
import { afterAll, beforeAll, expect } from 'vitest';

import { killFrozen } from '../src/internal/kill-cgroup.ts';
import { CgroupDirectory } from '../src/internal/cgroup-directory.ts';
import { startIn, temporaryGroup } from './fixtures/cgroup-child.ts';

const { describe, test } = needs('cgroup2');
const PATIENCE = { timeoutMs: 20_000 };

let before: ReadonlyMap<number, string>;
beforeAll(() => {
  before = openFds();
});
afterAll(() => expectNoNewFds(before));

const inotifyCount = (): number => [...openFds().values()].filter((target) => target.includes('inotify')).length;
const isAlive = (pid: number): boolean =>
  existsSync(`/proc/${pid}/stat`) && !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'latin1'));

/** Ten processes, five of them below. */
async function crowd(group: Cgroup): Promise<{ pids: number[]; exited: Promise<unknown[]> }> {
  const below = group.create('below');
  const deep = `(echo 0 > '${below.directory}/cgroup.procs'; exec sleep 600)`;
  const { exited } = await startIn(group, `for i in 1 2 3 4 5; do sleep 600 & ${deep} & done; exec cat`);
  while (below.processes().length < 5 || group.processes().length < 6) await new Promise(setImmediate);
  return { pids: [...group.processes(), ...below.processes()], exited };
}

describe('freeze and thaw', () => {
  test('nobody answers while frozen, and the kernel says so', async () => {
    using temporary = temporaryGroup();
    const { group } = temporary;
    const child = await startIn(group, 'exec cat');
    await group.freeze(PATIENCE);
    expect(readFileSync(`${group.directory}/cgroup.events`, 'latin1')).toContain('frozen 1');
    expect(group.events()).toEqual({ populated: true, frozen: true });
    let answer = '';
    child.stdout.on('data', (text: Buffer) => (answer += String(text)));
    child.stdin.write('hello');
    for (let turn = 0; turn < 100; turn += 1) await new Promise(setImmediate);
    expect(answer).toBe('');
    const heard = once(child.stdout, 'data');
    await group.thaw(PATIENCE);
    expect(group.events().frozen).toBe(false);
    await heard;
    expect(answer).toBe('hello');
    await group.freeze(PATIENCE);
    await group.freeze(PATIENCE);
    await group.kill(PATIENCE);
    await child.exited;
    expect(group.events()).toEqual({ populated: false, frozen: true });
  });

  test('an empty one is frozen, and whoever comes is too', async () => {
    using temporary = temporaryGroup();
    await temporary.group.freeze(PATIENCE);
    expect(temporary.group.events()).toEqual({ populated: false, frozen: true });
    await temporary.group.thaw(PATIENCE);
    expect(temporary.group.events()).toEqual({ populated: false, frozen: false });
  });

  test('below a frozen one, thaw says why it cannot', async () => {
    using temporary = temporaryGroup();
    const child = temporary.group.create('child');
    await temporary.group.freeze(PATIENCE);
    await expect(child.thaw(PATIENCE)).rejects.toMatchObject({
      code: 'EBUSY',
      message: expect.stringContaining(`the cgroup above, ${temporary.path}, is frozen`) as string,
    });
    await temporary.group.thaw(PATIENCE);
    await child.thaw(PATIENCE);
  });

  test('an aborted signal comes before the freezing', async () => {
    using temporary = temporaryGroup();
    const reason = new Error('changed my mind');
    await expect(temporary.group.freeze({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect(temporary.group.read('cgroup.freeze')).toBe('0');
    await expect(temporary.group.freeze({ timeoutMs: -1 })).rejects.toMatchObject({ code: 'ERR_OUT_OF_RANGE' });
    await expect(temporary.group.freeze({ signal: 1 as never })).rejects.toMatchObject({
      code: 'ERR_INVALID_ARG_TYPE',
    });
    expect(temporary.group.read('cgroup.freeze')).toBe('0');
  });

  test('a process neither freezes nor kills itself by accident', async () => {
    using temporary = temporaryGroup();
    const { stdout } = await runFixture(new URL('fixtures/cgroup-probe.ts', import.meta.url), [
      'freezeOwn',
      temporary.path,
    ]);
    expect(JSON.parse(stdout)).toEqual({
      frozen: `SystemError: EDEADLK: this process is in the cgroup; write('cgroup.freeze', 1) does it nevertheless, write '${temporary.directory}/cgroup.freeze'`,
      killed: `SystemError: EDEADLK: this process is in the cgroup; write('cgroup.kill', 1) does it nevertheless, write '${temporary.directory}/cgroup.kill'`,
    });
  });
});

describe('kill', () => {
  test('everybody in it and below; nobody else', async () => {
    using temporary = temporaryGroup();
    const { pids, exited } = await crowd(temporary.group);
    expect(pids).toHaveLength(11);
    expect(temporary.group.processes()).toEqual(temporary.group.processes().toSorted((a, b) => a - b));
    await temporary.group.kill(PATIENCE);
    expect([pids.filter(isAlive), temporary.group.events().populated]).toEqual([[], false]);
    expect(await exited).toEqual([null, 'SIGKILL']);
    temporary.group.remove({ recursive: true });
  });

  test('before Linux 5.14: one by one, while frozen; and what was frozen stays frozen', async () => {
    using temporary = temporaryGroup();
    const { group } = temporary;
    const { pids, exited } = await crowd(group);
    await killFrozen(new CgroupDirectory(group.directory), PATIENCE);
    await group.waitUntilEmpty(PATIENCE);
    expect([pids.filter(isAlive), group.read('cgroup.freeze')]).toEqual([[], '0']);
    expect(await exited).toEqual([null, 'SIGKILL']);
    const child = await startIn(group, 'exec cat');
    await group.freeze(PATIENCE);
    await killFrozen(new CgroupDirectory(group.directory), PATIENCE);
    await group.waitUntilEmpty(PATIENCE);
    expect([await child.exited, group.read('cgroup.freeze')]).toEqual([[null, 'SIGKILL'], '1']);
  });

  test.each(['cgroup.kill', 'one by one'])('no process that forks all the time gets away: %s', async (way) => {
    using temporary = temporaryGroup();
    const { group } = temporary;
    const storm = await startIn(group, 'while :; do sh -c "sleep 600 & sleep 0.01"; done');
    while (group.processes().length < 20) await new Promise(setImmediate);
    if (way === 'cgroup.kill') await group.kill(PATIENCE);
    else await killFrozen(new CgroupDirectory(group.directory), PATIENCE);
    await group.waitUntilEmpty(PATIENCE);
    expect([group.processes(), await storm.exited]).toEqual([[], [null, 'SIGKILL']]);
  });

  test("one by one: a number that has become a stranger's meanwhile is not killed", async () => {
    using temporary = temporaryGroup();
    const stranger = await startIn(temporary.group, 'exec cat');
    const { group } = temporary;
    const other = group.create('other');
    /** Lists the stranger once, and then no more, as when its number was given away in between. */
    class Changing extends CgroupDirectory {
      #isFirst = true;
      override read(key: string): string {
        if (key !== 'cgroup.procs') return super.read(key);
        const listed = this.#isFirst ? String(stranger.pid) : '';
        this.#isFirst = false;
        return listed;
      }
    }
    await killFrozen(new Changing(other.directory), PATIENCE);
    const answer = once(stranger.stdout, 'data').then(String);
    stranger.stdin.write('still here');
    expect(await Promise.race([answer, stranger.exited])).toBe('still here');
    stranger.stdin.end();
    await stranger.exited;
  });

  needs('cgroup2', 'strace').test('a kernel without cgroup.kill, or without cgroup.freeze too', async () => {
    using temporary = temporaryGroup();
    const { group } = temporary;
    const fixture = new URL('fixtures/cgroup-kill.ts', import.meta.url);
    const options = { whenReady: true, input: 'go\n', trace: 'openat' };
    // Which openat is that of cgroup.kill.
    const plain = await straceInject(fixture, [temporary.path], undefined, options);
    const paths = [...plain.trace.matchAll(/openat\([^"]*"([^"]*)"/g)].map(([, path]) => path ?? '');
    const position = paths.findIndex((path) => path.endsWith('/cgroup.kill')) + 1;
    expect(position).toBeGreaterThan(0);

    const child = await startIn(group, 'exec cat');
    const without = await straceInject(fixture, [temporary.path], `openat:error=ENOENT:when=${position}`, options);
    expect(without.injected).toBe(true);
    expect(without.trace).toContain('cgroup.freeze');
    expect(JSON.parse(without.stdout)).toEqual({ events: { populated: false, frozen: false }, freeze: '0' });
    expect(await child.exited).toEqual([null, 'SIGKILL']);

    // The next opens are of the directory, and of its cgroup.events to tell the root from an old kernel.
    const old = await straceInject(
      fixture,
      [temporary.path],
      `openat:error=ENOENT:when=${position}..${position + 2}+2`,
      options,
    );
    expect(JSON.parse(old.stdout)).toMatch(
      /^UnsupportedError: ENOTSUP: cgroup.freeze of .* \(requires Linux 5.2\), open$/,
    );
  });
});

describe('waiting', () => {
  test('until the last process has ended, without a thread, and with one descriptor for all waits', async () => {
    using temporary = temporaryGroup();
    const { group } = temporary;
    const child = await startIn(group, 'exec cat');
    const warm = new AbortController();
    const first = group.waitUntilEmpty({ signal: warm.signal });
    const threads = threadCount();
    // The instance, and the duplicate of it that the event loop polls.
    expect(inotifyCount()).toBe(2);
    const waits = Array.from({ length: 200 }, () => group.waitUntilEmpty(PATIENCE));
    expect([inotifyCount(), threadCount() - threads]).toEqual([2, 0]);
    warm.abort();
    await expect(first).rejects.toMatchObject({ name: 'AbortError' });
    child.stdin.end();
    await Promise.all(waits);
    expect([group.events().populated, inotifyCount()]).toEqual([false, 0]);
    await group.waitUntilEmpty(PATIENCE);
    await child.exited;
  });

  test('ETIMEDOUT, an abort, and a callback that throws leave nothing behind', async () => {
    using temporary = temporaryGroup();
    const { group } = temporary;
    const child = await startIn(group, 'exec cat');
    await expect(group.waitUntilEmpty({ timeoutMs: 20 })).rejects.toMatchObject({
      code: 'ETIMEDOUT',
      path: group.directory,
    });
    const reason = new Error('enough');
    const controller = new AbortController();
    const wait = group.waitUntilEmpty({ signal: controller.signal });
    controller.abort(reason);
    await expect(wait).rejects.toBe(reason);
    const mistake = new Error('a mistake');
    await expect(
      group.waitUntil('cgroup.events', () => {
        throw mistake;
      }),
    ).rejects.toBe(mistake);
    await expect(group.waitUntil('cgroup.events', 1 as never)).rejects.toMatchObject({ code: 'ERR_INVALID_ARG_TYPE' });
    await expect(group.waitUntil('memory.nothing', () => true)).rejects.toMatchObject({ code: 'ENOENT' });
    expect(inotifyCount()).toBe(0);
    child.stdin.end();
    await child.exited;
  });

  test('a cgroup that is removed while the kernel holds its notice back', async () => {
    using temporary = temporaryGroup();
    for (let round = 0; round < 30; round += 1) {
      const group = temporary.group.create(`round-${round}`);
      const child = await startIn(group, 'exec cat');
      const empty = group.waitUntilEmpty(PATIENCE);
      const never = group.waitUntil('cgroup.events', () => false, PATIENCE).catch((error: unknown) => error);
      process.kill(child.pid, 'SIGKILL');
      for (;;) {
        try {
          rmdirSync(group.directory);
          break;
        } catch (error) {
          if ((error as NodeJS.ErrnoException).code !== 'EBUSY') throw error;
        }
      }
      await empty;
      expect(await never).toMatchObject({ code: 'ENODEV', path: group.directory });
      await child.exited;
    }
  });

  test('a file of another kind: the predicate sees each state that is there when it looks', async () => {
    using temporary = temporaryGroup();
    const { group } = temporary;
    const seen: string[] = [];
    const frozen = group.waitUntil(
      'cgroup.events',
      (text) => seen.push(text) > 0 && text.includes('frozen 1'),
      PATIENCE,
    );
    writeFileSync(`${group.directory}/cgroup.freeze`, '1');
    expect(await frozen).toBe('populated 0\nfrozen 1');
    expect(seen[0]).toBe('populated 0\nfrozen 0');
  });

  test('a Worker waits, and one that is ended while it waits leaves no descriptor', async () => {
    using temporary = temporaryGroup();
    const { group } = temporary;
    const fixture = new URL('fixtures/cgroup-worker.ts', import.meta.url);
    const child = await startIn(group, 'exec cat');
    for (let round = 0; round < 5; round += 1) {
      const worker = new Worker(fixture, { workerData: { path: group.path, mode: 'hold' } });
      await once(worker, 'message');
      expect(inotifyCount()).toBe(2);
      await worker.terminate();
    }
    expect(inotifyCount()).toBe(0);
    const worker = new Worker(fixture, { workerData: { path: group.path, mode: 'wait' } });
    expect(await once(worker, 'message')).toEqual(['waiting']);
    const ended = once(worker, 'exit');
    child.stdin.end();
    expect(await once(worker, 'message')).toEqual(['empty']);
    expect(await ended).toEqual([0]);
    await child.exited;
    expect(inotifyCount()).toBe(0);
  });
});
