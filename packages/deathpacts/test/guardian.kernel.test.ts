import { chmodSync, chownSync, copyFileSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { asUnprivilegedUser, eventually, needs, temporaryCgroup, temporaryDirectory } from '@osx/test-support';
import { describe, expect } from 'vitest';

import { Keeper } from './keeper.ts';

const { test } = needs('linux');
const timeout = 90_000;
const timeoutMs = 30_000;

describe('a tree', () => {
  test('three deep, deaf to SIGTERM, with an orphan in it: all end', { timeout }, async () => {
    await using keeper = await Keeper.start();
    const script = `trap '' TERM; sh -c 'trap "" TERM; sh -c "sleep 600 & (sleep 600 &) ; wait" & wait' & wait`;
    await keeper.script(script, { tree: true, signal: 'SIGTERM', graceMs: 50 });
    await keeper.has(5);
    await keeper.killAndLookAfter();
  });

  test('what has another environment ends with its ancestors', { timeout }, async () => {
    await using keeper = await Keeper.start();
    await keeper.script('env -i sh -c "sleep 600; true" sh "$1" & wait', { tree: true });
    await keeper.has(2);
    await keeper.killAndLookAfter();
  });

  test('an orphan ends though the program itself is long gone', { timeout }, async () => {
    await using keeper = await Keeper.start();
    await keeper.script('setsid sleep 600 & exit 0', { tree: true });
    await keeper.has(1);
    await keeper.killAndLookAfter();
  });

  test('of programs that obey, each gets the signal once, and there is nothing to escalate', { timeout }, async () => {
    using directory = temporaryDirectory('noting');
    await using keeper = await Keeper.start();
    const noting = `trap 'echo $0 >> ${directory.path}/log; exit' TERM; sleep 600 & wait`;
    const script = `sh -c "${noting.replaceAll('$', '\\$')}" inner & ${noting.replace('$0', 'outer')}`;
    await keeper.script(script, { tree: true, graceMs: 20_000 });
    await keeper.has(4);
    await keeper.killAndLookAfter();
    expect(readFileSync(join(directory.path, 'log'), 'utf8').trim().split('\n').sort()).toEqual(['inner', 'outer']);
  });
});

describe('the guardian', () => {
  test('is one for all, ends when there is nothing to guard, and comes back', { timeout }, async () => {
    await using keeper = await Keeper.start();
    const [first, second] = [
      await keeper.run('sleep', ['600'], { tree: true }),
      await keeper.run('sleep', ['600'], { graceMs: 1 }),
    ];
    expect(keeper.guardians).toHaveLength(1);
    for (const pid of [first, second]) process.kill(pid, 'SIGKILL');
    await eventually(() => keeper.guardians.length === 0, { timeoutMs });
    await eventually(() => keeper.children.length === 0, { timeoutMs });
    await keeper.run('sleep', ['600'], { tree: true });
    expect(keeper.guardians).toHaveLength(1);
    await keeper.killAndLookAfter();
  });

  test('is started again when it is killed, and knows all that it knew', { timeout }, async () => {
    await using keeper = await Keeper.start();
    await keeper.script('sleep 600 & wait', { tree: true });
    await keeper.run('sleep', ['600'], { pact: 'process' });
    await keeper.has(3);
    const [guardian = 0] = keeper.guardians;
    process.kill(guardian, 'SIGKILL');
    await eventually(() => keeper.guardians.length === 1 && keeper.guardians[0] !== guardian, { timeoutMs });
    // It answers for a new one only behind the old ones.
    await keeper.run('sleep', ['600'], { pact: 'process' });
    await keeper.killAndLookAfter();
  });

  test('is started again also when it is killed at once', { timeout }, async () => {
    await using keeper = await Keeper.start();
    const starting = keeper.run('sleep', ['600'], { pact: 'process' });
    const killed = new Set<number>();
    while (killed.size < 2) {
      for (const pid of await eventually(() => keeper.guardians.filter((one) => !killed.has(one)), { timeoutMs })) {
        process.kill(pid, 'SIGKILL');
        killed.add(pid);
      }
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(await starting).toBeGreaterThan(0);
    await keeper.killAndLookAfter();
  });

  test('does not obey signals that end a program', { timeout }, async () => {
    await using keeper = await Keeper.start();
    await keeper.run('sleep', ['600'], { pact: 'process' });
    const [guardian = 0] = keeper.guardians;
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT', 'SIGUSR1'] as const) process.kill(guardian, signal);
    await keeper.run('sleep', ['600'], { pact: 'process' });
    expect(keeper.guardians).toEqual([guardian]);
    await keeper.killAndLookAfter();
  });

  test('lets go of those that have ended', { timeout }, async () => {
    await using keeper = await Keeper.start();
    await keeper.run('sleep', ['600'], { pact: 'process' });
    const [guardian = 0] = keeper.guardians;
    const before = readdirSync(`/proc/${guardian}/fd`).length;
    for (let count = 0; count < 4; count += 1) await keeper.run('true', [], { tree: count % 2 === 0, graceMs: 1_000 });
    await eventually(() => readdirSync(`/proc/${guardian}/fd`).length === before, { timeoutMs });
    await keeper.killAndLookAfter();
  });

  test('is not needed by the kernel alone', { timeout }, async () => {
    await using keeper = await Keeper.start();
    await keeper.run('sleep', ['600']);
    expect(keeper.guardians).toEqual([]);
    await keeper.killAndLookAfter();
  });
});

describe('the parent', () => {
  test('blocks its event loop', { timeout }, async () => {
    await using keeper = await Keeper.start();
    await keeper.run('sleep', ['600']);
    await keeper.script('sleep 600 & wait', { tree: true });
    await keeper.has(3);
    await keeper.obey({ block: true });
    await keeper.killAndLookAfter();
  });

  test('exits', { timeout }, async () => {
    await using keeper = await Keeper.start();
    await keeper.run('sleep', ['600']);
    await keeper.script('sleep 600 & wait', { tree: true });
    await keeper.has(3);
    await keeper.obey({ exit: 0 });
    expect(await keeper.exited).toEqual({ code: 0, signal: null });
    await keeper.nothingIsLeft();
  });
});

needs('unprivileged-user').test('without any right: the kernel, and the guardian', { timeout }, async () => {
  await using keeper = await Keeper.start(asUnprivilegedUser);
  await keeper.run('sleep', ['600']);
  expect(keeper.guardians).toEqual([]);
  await keeper.script('sleep 600 & wait', { tree: true });
  expect(await keeper.run('sleep', ['600'], { uid: 0 })).toBe('EPERM');
  await keeper.has(3);
  await keeper.killAndLookAfter();
});

describe('a Worker', () => {
  test('its child outlives it, and not the process', { timeout }, async () => {
    await using keeper = await Keeper.start();
    const program = { command: 'sleep', args: ['600'], options: {} };
    const pid = (await keeper.obey({ startInWorker: program })) as number;
    await keeper.obey({ terminate: true });
    // Whoever would kill it would have done so: a child of a thread dies before terminate() is through.
    await keeper.run('true', []);
    expect(keeper.offspring).toContain(pid);
    await keeper.killAndLookAfter();
  });

  test('the same by the kernel alone is refused', { timeout }, async () => {
    await using keeper = await Keeper.start();
    const options = { pact: 'parent-death-signal' } as const;
    expect(await keeper.obey({ startInWorker: { command: 'sleep', args: ['600'], options } })).toBe('ENOTSUP');
  });
});

needs('cgroup2').describe('a tree in a cgroup', () => {
  test('who has neither mark nor ancestor ends as well', { timeout }, async () => {
    using cgroup = temporaryCgroup();
    await using keeper = await Keeper.start();
    // An orphan with an empty environment, known by its arguments.
    await keeper.script('(env -i setsid sh -c "sleep 600; true" sh "$1" &) ; sleep 600 & wait', {
      tree: true,
      cgroup: cgroup.path,
    });
    await keeper.has(3);
    await keeper.killAndLookAfter();
    expect(readFileSync(join(cgroup.directory, 'cgroup.procs'), 'utf8')).toBe('');
  });

  test('one that is not there is an error, and nothing is left', { timeout }, async () => {
    await using keeper = await Keeper.start();
    expect(await keeper.run('sleep', ['600'], { tree: true, cgroup: '/osx-no-such' })).toBe('ENOENT');
    expect(keeper.offspring).toEqual([]);
  });
});

needs('root').describe('a set-id program', () => {
  test('is the business of the guardian, for the kernel takes its signal off', { timeout }, async () => {
    using directory = temporaryDirectory('set-id', { mode: 0o755 });
    const path = join(directory.path, 'sleep');
    copyFileSync('/bin/sleep', path);
    chownSync(path, 65_534, 65_534);
    chmodSync(path, 0o6755);
    await using keeper = await Keeper.start();
    const pid = await keeper.run(path, ['600']);
    expect(readFileSync(`/proc/${pid}/status`, 'latin1')).toMatch(/^Uid:\t0\t65534\t/m);
    expect(keeper.guardians).toHaveLength(1);
    expect(await keeper.run(path, ['600'], { pact: 'parent-death-signal' })).toBe('ENOTSUP');
    await keeper.killAndLookAfter();
  });
});
