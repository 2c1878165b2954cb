import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

import { openPidfd } from '@osx/linux/pidfd';
import {
  asUnprivilegedUser,
  eventually,
  needs,
  runFixture,
  runTool,
  spawnFixture,
  straceInject,
  temporaryDirectory,
} from '@osx/test-support';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { HeartbeatFile, HeartbeatFileDeathpact, NoDeathpact } from '@osx/deathpacts';

const fixture = new URL('fixtures/heartbeat.ts', import.meta.url);

let directory: ReturnType<typeof temporaryDirectory>;
let path: string;
beforeEach(() => {
  directory = temporaryDirectory('heartbeat', { mode: 0o777 });
  path = join(directory.path, 'alive');
});
afterEach(() => directory[Symbol.dispose]());

const read = (): Record<string, unknown> => JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
const byHand = { path: '', intervalMs: 0 };
const HOUR_MS = 3_600_000;

/** What a pact that does nothing by itself says about the file. */
function verdict(options: object = {}): string | undefined {
  using pact = new HeartbeatFileDeathpact({ path, ttlMs: HOUR_MS, watch: false, ...options });
  expect(pact.shouldDie()).toBe(pact.reason() !== undefined);
  return pact.reason();
}

describe('the writer', () => {
  test('replaces the file in one step, from the same directory, and leaves nothing behind', () => {
    using heartbeat = new HeartbeatFile({ ...byHand, path });
    const first = statSync(path);
    const { monotonicNs } = read();
    heartbeat.beat();
    expect(statSync(path).ino).not.toBe(first.ino);
    expect(BigInt(read()['monotonicNs'] as string)).toBeGreaterThan(BigInt(monotonicNs as string));
    expect(readdirSync(directory.path)).toEqual(['alive']);
    expect(read()).toMatchObject({
      pid: process.pid,
      bootId: runTool('cat', ['/proc/sys/kernel/random/boot_id']).trim(),
    });
    const umask = /^Umask:\s*(\d+)/m.exec(readFileSync('/proc/self/status', 'latin1'))?.[1] ?? '0';
    expect(first.mode & 0o777).toBe(0o644 & ~Number.parseInt(umask, 8));
  });

  needs('strace').test('writes elsewhere and renames: a reader never sees half a beat', async () => {
    const { trace } = await straceInject(fixture, ['beat', path], undefined, { trace: 'openat,rename,renameat2' });
    const temporary = `${directory.path}/\\.heartbeat-[0-9a-f]{16}\\.tmp`;
    expect(trace).toMatch(new RegExp(`openat\\([^\n]*"${temporary}", O_WRONLY\\|O_CREAT\\|O_EXCL\\|O_NOFOLLOW`));
    expect(trace).toMatch(new RegExp(`rename\\("${temporary}", "${path}"\\) = 0`));
    expect(trace).not.toMatch(new RegExp(`openat\\([^\n]*"${path}", O_(WRONLY|RDWR)`));
  });

  test('a link in the way is replaced, not followed', () => {
    const stranger = join(directory.path, 'stranger');
    writeFileSync(stranger, 'mine');
    symlinkSync(stranger, path);
    using _heartbeat = new HeartbeatFile({ ...byHand, path });
    expect(readFileSync(stranger, 'utf8')).toBe('mine');
  });

  test('beats by itself, and keeps nobody alive', async () => {
    const heartbeat = new HeartbeatFile({ path, intervalMs: 10 });
    const { monotonicNs } = read();
    await eventually(() => read()['monotonicNs'] !== monotonicNs);
    heartbeat.close();
    expect(readdirSync(directory.path)).toEqual([]);
    expect(await runFixture(fixture, ['beat', path])).toMatchObject({ code: 0 });
  });

  test('closed, it leaves alone what another writes by now, and writes no more', () => {
    const first = new HeartbeatFile({ ...byHand, path });
    using _second = new HeartbeatFile({ ...byHand, path });
    const { writer } = read();
    first.close();
    first.close();
    first.beat();
    expect(read()['writer']).toBe(writer);
  });

  test('no directory, no beat: an error at once, and later to onError', async () => {
    expect(() => new HeartbeatFile({ path: join(path, 'deeper') })).toThrow(
      expect.objectContaining({ code: 'ENOENT' }),
    );
    const errors: unknown[] = [];
    mkdirSync(join(directory.path, 'gone'));
    using heartbeat = new HeartbeatFile({
      path: join(directory.path, 'gone', 'alive'),
      intervalMs: 10,
      onError: (error) => errors.push(error),
    });
    rmSync(join(directory.path, 'gone'), { recursive: true });
    await eventually(() => errors.length > 0);
    expect(errors[0]).toMatchObject({ code: 'ENOENT', path: heartbeat.path });
    expect(() => heartbeat.beat()).toThrow(expect.objectContaining({ code: 'ENOENT' }));
  });

  test('a full file system: the last beat stays, and no litter', () => {
    // The device is full at the first byte.
    const full = spawnSync(process.execPath, [new URL(fixture).pathname, 'full', path], { encoding: 'utf8' });
    expect(full.stdout).toBe('EFBIG 1\n');
  });

  test('bytes as a path, and a relative path after chdir', async () => {
    const bytes = Buffer.concat([Buffer.from(`${directory.path}/`), Buffer.from([0xff, 0xfe])]);
    using heartbeat = new HeartbeatFile({ ...byHand, path: bytes });
    expect(verdict({ path: bytes })).toBe(undefined);
    heartbeat.close();
    const { stdout } = await runFixture(fixture, ['chdir'], { cwd: directory.path });
    expect(stdout).toBe('false alive\n');
  });

  test('chained: while the pact of this process holds it beats, and then no more', () => {
    let isOver = false;
    let polled = 0;
    const chain = new NoDeathpact();
    Object.assign(chain, { shouldDie: () => isOver, poll: () => (polled += 1) });
    using heartbeat = new HeartbeatFile({ ...byHand, path, chain });
    const { monotonicNs } = read();
    isOver = true;
    heartbeat.beat();
    expect([read()['monotonicNs'], polled]).toEqual([monotonicNs, 1]);
  });
});

describe('the pact dies of a file that', () => {
  const change = (fields: object): void => writeFileSync(path, JSON.stringify({ ...read(), ...fields }));
  let heartbeat: HeartbeatFile;
  beforeEach(() => void (heartbeat = new HeartbeatFile({ ...byHand, path })));
  afterEach(() => heartbeat.close());

  test('is missing', () => {
    expect(verdict()).toBe(undefined);
    rmSync(path);
    expect(verdict()).toMatch(/is missing/);
    expect(verdict({ path: join(path, 'x') })).toMatch(/is missing/);
  });

  test.each([
    ['empty', ''],
    ['no JSON', 'alive'],
    ['half a beat', '{"writer":"a","pid":'],
    ['another JSON', '[1]'],
    ['null', 'null'],
    ['without a writer', '{"pid":1,"bootId":null,"timeNamespace":null,"monotonicNs":"1"}'],
    ['a time as a number', '{"writer":"a","pid":1,"bootId":null,"timeNamespace":null,"monotonicNs":1}'],
    ['a negative time', '{"writer":"a","pid":1,"bootId":null,"timeNamespace":null,"monotonicNs":"-1"}'],
    ['huge', ' '.repeat(10_000)],
    ['binary', '\0\xff'],
  ])('is garbage: %s', (_, content) => {
    writeFileSync(path, content, 'latin1');
    expect(verdict()).toMatch(/is no heartbeat/);
  });

  test('is no regular file: a FIFO does not hold it up', () => {
    rmSync(path);
    runTool('mkfifo', [path]);
    expect(verdict()).toMatch(/is no heartbeat/);
    rmSync(path);
    mkdirSync(path);
    expect(verdict()).toMatch(/is no heartbeat/);
  });

  test('is of another boot, of another time namespace, or of the future', () => {
    change({ bootId: '00000000-0000-4000-8000-000000000000' });
    expect(verdict()).toMatch(/another boot/);
    heartbeat.beat();
    change({ timeNamespace: '1' });
    expect(verdict()).toMatch(/another time namespace/);
    heartbeat.beat();
    change({ monotonicNs: String(2n ** 63n) });
    expect(verdict()).toMatch(/of the future/);
  });

  test('is too old', () => {
    change({ monotonicNs: String(process.hrtime.bigint() - BigInt(HOUR_MS) * 1_000_000n - 1n) });
    expect(verdict()).toMatch(/last beat more than 3600000 ms ago/);
    expect(verdict({ ttlMs: 2 * HOUR_MS })).toBe(undefined);
  });

  test('somebody else beats by now, unless anybody will do', () => {
    using same = new HeartbeatFileDeathpact({ path, ttlMs: HOUR_MS, watch: false });
    using any = new HeartbeatFileDeathpact({ path, ttlMs: HOUR_MS, watch: false, writer: 'any' });
    expect([same.shouldDie(), any.shouldDie()]).toEqual([false, false]);
    using _successor = new HeartbeatFile({ ...byHand, path });
    expect([same.reason(), any.reason()]).toEqual([expect.stringMatching(/another process/), undefined]);
  });

  needs('unprivileged-user').test(
    'cannot be read when the pact is made: refused, so that nobody believes in it',
    async () => {
      chmodSync(path, 0o600);
      const { stdout } = await runFixture(fixture, ['unreadable', path], asUnprivilegedUser);
      expect(stdout).toBe('EACCES\n');
    },
  );

  test('cannot be read for once: that says nothing, for ttlMs', async () => {
    using _heartbeat = new HeartbeatFile({ path, intervalMs: 20 });
    const prefix = ['sh', '-c', 'ulimit -n 64; exec "$@"', 'sh'];
    const { stdout } = await runFixture(fixture, ['out-of-descriptors', path, '2000'], { prefix });
    expect(stdout).toMatch(/^EMFILE undefined\n.*cannot be read: EMFILE/);
  });
});

needs('pid-namespace').test('suspended: a jump of CLOCK_BOOTTIME, as resuming makes, is not seen', (context) => {
  if (!existsSync('/proc/self/ns/time')) context.skip('no time namespaces: Linux 5.6');
  // In a time namespace CLOCK_BOOTTIME can be set off alone.
  const ask = "require('node:fs').readFileSync('/proc/uptime', 'utf8') + ' ' + process.hrtime.bigint()";
  const answer = runTool('unshare', ['--time', '--boottime', '100000', '--fork', process.execPath, '-p', ask]);
  const [uptime = '', , monotonic = ''] = answer.split(/\s+/);
  const { 0: outside = '' } = readFileSync('/proc/uptime', 'utf8').split(' ');
  expect(Number(uptime) - Number(outside)).toBeGreaterThan(90_000);
  expect(Number(process.hrtime.bigint() - BigInt(monotonic)) / 1e9).toBeLessThan(1_000);
});

describe('held up', () => {
  test('the parent, stopped or blocked, for longer than ttlMs: the child dies', async () => {
    await using parent = await spawnFixture(fixture, ['parent', path, '700']);
    using child = openPidfd(Number(await parent.nextLine()));
    parent.kill('SIGSTOP');
    await child.waitForExit({ timeoutMs: 30_000 });
    parent.kill('SIGCONT');
    expect(await parent.nextLine()).toBe('SIGTERM');
  });

  test('both, as when the whole machine stands still: the child gives the parent the time to beat again', async () => {
    await using parent = await spawnFixture(fixture, ['parent', path, '700']);
    using child = openPidfd(Number(await parent.nextLine()));
    const untilMs = (ms: number) => eventually(() => performance.now() - stoppedAt > ms, { timeoutMs: 20_000 });
    child.sendSignal('SIGSTOP');
    parent.kill('SIGSTOP');
    const stoppedAt = performance.now();
    await untilMs(1_500);
    child.sendSignal('SIGCONT');
    await untilMs(1_900);
    parent.kill('SIGCONT');
    await untilMs(3_000);
    expect(child.isAlive()).toBe(true);
    parent.send('close');
    expect(await parent.nextLine({ timeoutMs: 30_000 })).toBe('SIGTERM');
  });
});
