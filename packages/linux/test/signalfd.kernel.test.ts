import { runFixture, needs, straceInject } from '@osx/test-support';
import { describe, expect, test } from 'vitest';

const probe = new URL('fixtures/signalfd-probe.ts', import.meta.url);

/** What a process of its own found out: signals and masks are nothing to play with in a test runner. */
async function probed(mode: string): Promise<unknown> {
  const { stdout, stderr, signal } = await runFixture(probe, [mode]);
  if (stderr !== '' || signal !== null) throw new Error(`ended by ${signal}\n${stderr}`);
  return JSON.parse(stdout);
}

describe('why most is refused', () => {
  test.each(['SIGUSR2', 'SIGHUP'])(
    '%s to the process ends it, though the main thread blocks and reads it',
    async (name) => {
      const end = await runFixture(probe, ['deadly', name]);
      expect([end.signal, end.stdout]).toEqual([name, '']);
    },
  );

  test('no signal but SIGUSR1 can be received from the process', async () => {
    expect(await probed('refused-each')).toEqual([]);
  });

  test('the refusal names signals, threads and the way out, and has changed nothing', async () => {
    const refusal = (await probed('refused-usr2')) as {
      message: string;
      named: number[];
      tids: string[];
      code: string;
    };
    expect(refusal).toMatchObject({
      refused: true,
      code: 'ERR_OSX_SIGNAL_NOT_BLOCKED',
      unsupported: true,
      unchanged: true,
    });
    expect(refusal.message).toMatch(
      /receiving SIGUSR2, SIGRTMIN\+2 in this process is not supported .*\(requires every thread to block it.*thread \d+ \([^:]+: SIGUSR2, SIGRTMIN\+2\).* use onSignal of @osx\/signals, or threadDirected for what is sent to this thread alone\), signalfd$/,
    );
    expect(refusal.named.length).toBeGreaterThan(1);
    expect(refusal.tids.map(Number)).toEqual(expect.arrayContaining(refusal.named));
    // SIGUSR1 is blocked by V8's threads: no thread is named for it.
    expect(refusal.message).not.toContain('SIGUSR1');
  });

  test.each([
    ['refused-pool', 'libuv-worker'],
    ['refused-worker', 'WorkerThread'],
  ])('SIGUSR1 too, when threads that do not block it have started: %s', async (mode, name) => {
    expect(await probed(mode)).toMatchObject({
      refused: true,
      unchanged: true,
      message: expect.stringMatching(new RegExp(`thread \\d+ \\(${name}: SIGUSR1\\)`)),
    });
  });
});

describe('SIGUSR1, sent to the process', () => {
  test('none is lost, and each says who sent it and how', async () => {
    const found = (await probed('usr1-process')) as Record<string, object | number>;
    const base = { signal: 'SIGUSR1', signalNumber: 10, errno: 0, uid: found['uid'] };
    expect(found['count']).toBe(200);
    expect(found['fromOther']).toMatchObject({ ...base, code: 0, codeName: 'SI_USER' });
    expect(found['fromOther']).not.toMatchObject({ pid: found['self'] });
    expect(found['queued']).toEqual({
      ...base,
      code: -1,
      codeName: 'SI_QUEUE',
      pid: found['self'],
      value: -7,
      pointer: '4294967289n',
    });
  });

  test('threads that start later block it too', async () => {
    expect(await probed('usr1-later-threads')).toMatchObject({ count: 200, second: { refused: false } });
  });
});

describe('masks', () => {
  test('the descriptor has the signals that were asked for, the thread blocks them until the last holder closes', async () => {
    expect(await probed('mask')).toEqual({
      before: [false, false, false],
      sigmask: '0000000200000800',
      flags: expect.any(Number),
      both: [true, true, true],
      kept: { masks: [true, true, false], read: 'SIGUSR2' },
      after: [false, false, false],
      newFds: 0,
      signals: ['SIGUSR2', 'SIGRTMIN'],
      closed: true,
    });
    const { flags } = (await probed('mask')) as { flags: number };
    expect(flags & 0o2004000).toBe(0o2004000);
  });

  test('what was blocked before stays blocked, and what waits of it stays', async () => {
    expect(await probed('found-blocked')).toEqual({ mask: '0000000000000800', pending: '0000000000000800' });
  });

  test('close drops what waits, so that it does not end the process, but not what another SignalFd has', async () => {
    expect(await probed('close-drops')).toEqual({ kept: [5], pending: '0000000000000000' });
  });

  test('children inherit neither mask nor descriptor', async () => {
    expect(await probed('child-mask')).toEqual({ child: 'SigBlk:\t0000000000000000', inherited: false });
  });

  needs('strace').test.each([
    ['signalfd4:error=ENOSYS', 'ENOTSUP', 'UnsupportedError'],
    ['signalfd4:error=EMFILE', 'EMFILE', 'SystemError'],
  ])('%s: %s, and the mask is given back', async (inject, code, name) => {
    const fixture = new URL('fixtures/signalfd-refused.ts', import.meta.url);
    const { stdout, injected } = await straceInject(fixture, [], inject);
    expect(injected).toBe(true);
    expect(JSON.parse(stdout)).toEqual({ code, name, mask: '0000000000000000' });
  });
});

describe('threadDirected', () => {
  test('what is sent to the thread: sender, way and value', async () => {
    const found = (await probed('thread-info')) as Record<string, unknown>;
    const sender = { pid: found['self'], uid: process.getuid?.(), errno: 0 };
    const usr2 = { signal: 'SIGUSR2', signalNumber: 12, code: -6, codeName: 'SI_TKILL', ...sender };
    const queued = { signal: 'SIGRTMIN+3', signalNumber: 37, code: -1, codeName: 'SI_QUEUE', ...sender };
    expect(found).toEqual({
      tkill: usr2,
      pidfd: usr2,
      queued: { ...queued, value: -2, pointer: '18446744073709551614n' },
      pointer: { ...queued, value: 0x9abc_def0 - 2 ** 32, pointer: '123456789abcdef0' },
      self: found['self'],
      none: null,
    });
  });

  test('every layout of the record, as the kernel fills it', async () => {
    const found = (await probed('layouts')) as Record<string, never>;
    const child = { signal: 'SIGCHLD', signalNumber: 17, errno: 5, pid: 4321, uid: 65_534 };
    const names = ['CLD_EXITED', 'CLD_KILLED', 'CLD_DUMPED', 'CLD_TRAPPED', 'CLD_STOPPED', 'CLD_CONTINUED'];
    expect(found['child']).toEqual(
      names.map((codeName, index) => ({
        ...child,
        code: index + 1,
        codeName,
        status: 9,
        userTicks: '77n',
        systemTicks: '88n',
      })),
    );
    const io = { signal: 'SIGIO', signalNumber: 29, errno: 5, fd: 33, band: 0x41 };
    expect(found['io']).toEqual([
      { ...io, code: 1, codeName: 'POLL_IN' },
      { ...io, code: 6, codeName: 'POLL_HUP' },
      { ...io, signal: 'SIGRTMIN+1', signalNumber: 35, code: 2, codeName: 'POLL_OUT' },
      { ...io, code: -5, codeName: 'SI_SIGIO' },
    ]);
    expect(found['timer']).toEqual({
      signal: 'SIGRTMIN+1',
      signalNumber: 35,
      code: -2,
      codeName: 'SI_TIMER',
      errno: 5,
      timerId: 3,
      overrun: 14,
      value: -9,
      pointer: '4294967287n',
    });
    const usr2 = { signal: 'SIGUSR2', signalNumber: 12, errno: 5, pid: 4321, uid: 65_534 };
    expect(found['kernel']).toEqual({ ...usr2, code: 0x80, codeName: 'SI_KERNEL' });
    expect(found['strange']).toEqual([
      { ...usr2, code: 7 },
      { ...usr2, code: -99, value: 1, pointer: '4294967297n' },
    ]);
  });

  test('real-time signals: all 2,000, the lower number first, in order, with turns for the event loop', async () => {
    expect(await probed('order')).toEqual({ first: 'SIGUSR2', lowerFirst: true, inOrder: [true, true], turns: true });
  });

  test('a signal to the thread goes past process.on', async () => {
    expect(await probed('listener')).toEqual({ codeName: 'SI_TKILL', heardOfThread: 0 });
  });

  test('child processes work while SIGCHLD is open', async () => {
    expect(await probed('sigchld')).toEqual({ code: 7, stray: [] });
  });

  test('what is ignored by default is received from the thread', async () => {
    expect(await probed('ignored')).toBe(true);
  });
});

describe('waiting', () => {
  test('in order, ended by abort and timeout', async () => {
    expect(await probed('waits')).toEqual({ ends: ['enough', 'ETIMEDOUT'], one: 'SIGUSR2', two: 'SIGUSR2' });
  });

  test('iterators end by return, by abort, and by close', async () => {
    expect(await probed('iterators')).toEqual([
      'true',
      'true',
      'enough',
      'true',
      'enough',
      'true',
      'SIGUSR2',
      'true',
      'true',
      'true',
    ]);
  });

  test('a closed one throws EBADF', async () => {
    expect(await probed('closed')).toEqual({
      pending: ['EBADF', 'EBADF: the signalfd is closed, read'],
      codes: ['EBADF', 'EBADF', 'EBADF'],
      read: 'EBADF',
    });
  });

  test('an open one lets Node end, and a wait that is unref()ed', async () => {
    expect(await probed('lifetime-open')).toBe('end');
    expect(await probed('lifetime-unref')).toBe('end');
  });
});
