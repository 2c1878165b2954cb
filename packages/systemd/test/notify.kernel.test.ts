import { chmodSync, openSync, closeSync, fstatSync } from 'node:fs';

import { pipe } from '@osx/fds';
import { UnixSocket } from '@osx/sockets';
import { notify, notifyBarrier, notifySync } from '@osx/systemd';
import {
  asUnprivilegedUser,
  eventually,
  expectNoNewFds,
  needs,
  openFds,
  runFixture,
  runTool,
  spawnFixture,
  temporaryDirectory,
} from '@osx/test-support';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';

import { NotifyReceiver } from './notify-receiver.ts';
import { RunningProgram } from './running-program.ts';

const RECEIVER = new URL('fixtures/receiver.py', import.meta.url).pathname;
const NOTIFY = new URL('fixtures/notify.ts', import.meta.url);
let before: Map<number, string>;
beforeAll(async () => {
  using receiver = new NotifyReceiver();
  await notify('LOADED=1', { socketPath: receiver.variable });
  before = openFds();
});
afterEach(() => {
  delete process.env['NOTIFY_SOCKET'];
});
afterAll(() => expectNoNewFds(before));

test('without NOTIFY_SOCKET nothing is sent, nothing native is loaded, and arguments are checked all the same', async () => {
  expect(await notify({ READY: true })).toBe(false);
  expect(notifySync({ READY: true })).toBe(false);
  expect(await notifyBarrier()).toBe(false);
  await expect(notify({ STATUS: 'a\nb' })).rejects.toThrow(/one line/);
  await expect(notify({ READY: true }, { pid: 0 })).rejects.toThrow(/options\.pid/);
  const program = `
    import { notify, listenFds, watchdog, startWatchdog } from '@osx/systemd';
    console.log(await notify({ READY: true }), listenFds().length, watchdog(), startWatchdog());
    console.log(process.report.getReport().sharedObjects.filter((file) => /koffi/.test(file)).length);`;
  const env = { ...process.env, LISTEN_PID: undefined, WATCHDOG_USEC: undefined };
  const args = ['--input-type=module', '-e', program];
  await using child = new RunningProgram(process.execPath, args, { cwd: import.meta.dirname, env });
  await child.ended;
  expect(child.lines).toEqual(['false 0 null null', '0']);
});

test.each(['', 'relative', '@', 'unix:/x', `/${'a'.repeat(107)}`, `@${'a'.repeat(108)}`])(
  'NOTIFY_SOCKET=%s is an error, and taken away all the same',
  async (value) => {
    process.env['NOTIFY_SOCKET'] = value;
    await expect(notify({ READY: true })).rejects.toMatchObject({
      code: 'ERR_OSX_INVALID_ENVIRONMENT',
      message: expect.stringContaining('NOTIFY_SOCKET') as string,
    });
    expect(() => notifySync({ READY: true }, { unsetEnvironment: true })).toThrow(/NOTIFY_SOCKET/);
    expect(process.env['NOTIFY_SOCKET']).toBeUndefined();
    expect(await notify({ READY: true })).toBe(false);
  },
);

test('a socket of AF_VSOCK is told apart', async () => {
  process.env['NOTIFY_SOCKET'] = 'vsock:2:1234';
  await expect(notify({ READY: true })).rejects.toMatchObject({ name: 'UnsupportedError', code: 'ENOTSUP' });
});

test('the longest names are reached', async () => {
  for (const path of [undefined, 'path'] as const) {
    using directory = temporaryDirectory();
    const long = path && `${directory.path}/${'a'.repeat(107 - Buffer.byteLength(directory.path) - 1)}`;
    using receiver = new NotifyReceiver(long);
    process.env['NOTIFY_SOCKET'] = receiver.variable;
    expect(await notify({ READY: true })).toBe(true);
    expect((await receiver.next()).lines).toEqual(['READY=1']);
  }
  using receiver = UnixSocket.open('datagram');
  receiver.bind({ abstract: `${process.pid}`.padEnd(107, 'x') });
  process.env['NOTIFY_SOCKET'] = `@${`${process.pid}`.padEnd(107, 'x')}`;
  expect(notifySync('READY=1')).toBe(true);
});

test('over a path and an abstract name, by the option too, with the pid and ids of the sender', async () => {
  using directory = temporaryDirectory();
  for (const receiver of [new NotifyReceiver(), new NotifyReceiver(`${directory.path}/notify`)]) {
    using _receiver = receiver;
    process.env['NOTIFY_SOCKET'] = receiver.variable;
    await notify({ READY: true, STATUS: 'größe' });
    expect(await receiver.next()).toEqual({
      lines: ['READY=1', 'STATUS=größe'],
      sender: { pid: process.pid, uid: process.getuid?.(), gid: process.getgid?.() },
      fdCount: 0,
    });
    delete process.env['NOTIFY_SOCKET'];
    await notify({ STOPPING: true }, { socketPath: receiver.variable });
    await notify({ STOPPING: true }, { socketPath: receiver.socket.localAddress ?? '' });
    expect(receiver.taken()).toHaveLength(2);
  }
});

test('a reload says when it was, by the clock that others read', async () => {
  using receiver = new NotifyReceiver();
  const python = (): bigint =>
    BigInt(runTool('python3', ['-c', 'import time; print(time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000)']));
  const earliest = python();
  await notify({ RELOADING: true }, { socketPath: receiver.variable });
  const { lines } = await receiver.next();
  expect(lines[0]).toBe('RELOADING=1');
  const sent = BigInt(lines[1]?.replace('MONOTONIC_USEC=', '') ?? 0);
  expect(sent).toBeGreaterThanOrEqual(earliest);
  expect(sent).toBeLessThanOrEqual(python());
});

test('descriptors arrive as duplicates of what was given', async () => {
  using receiver = UnixSocket.open('datagram');
  receiver.bind('auto');
  const file = openSync('/etc/hosts', 'r');
  try {
    const socketPath = receiver.localAddress ?? '';
    await notify({ FDSTORE: true, FDNAME: 'hosts', FDPOLL: false }, { socketPath, fds: [file, file] });
    const { data, fds } = await receiver.receive({ maxFds: 10 });
    expect(data.toString()).toBe('FDSTORE=1\nFDNAME=hosts\nFDPOLL=0');
    expect(fds.map((fd) => fstatSync(fd.number).ino)).toEqual([fstatSync(file).ino, fstatSync(file).ino]);
    for (const fd of fds) fd.close();
    expect(notifySync({ FDSTORE: true }, { socketPath, fds: [file] })).toBe(true);
    const second = await receiver.receive({ maxFds: 10 });
    expect(second.fds).toHaveLength(1);
    second.fds[0]?.close();
    await expect(notify({ FDSTORE: true }, { socketPath, fds: [999_999] })).rejects.toMatchObject({ code: 'EBADF' });
  } finally {
    closeSync(file);
  }
});

test('nobody there, and no room', async () => {
  using directory = temporaryDirectory();
  const path = `${directory.path}/notify`;
  await expect(notify({ READY: true }, { socketPath: path })).rejects.toMatchObject({ code: 'ENOENT', path });
  using receiver = new NotifyReceiver(path);
  let sent = 0;
  expect(() => {
    for (; sent < 100_000; sent += 1) notifySync(`X_N=${sent}`, { socketPath: path });
  }).toThrow(expect.objectContaining({ code: 'EAGAIN' }));
  await expect(notify('LATE=1', { socketPath: path, timeoutMs: 20 })).rejects.toMatchObject({ code: 'ETIMEDOUT' });
  const abort = new AbortController();
  const aborted = notify('ABORTED=1', { socketPath: path, signal: abort.signal });
  abort.abort(new Error('enough'));
  await expect(aborted).rejects.toThrow('enough');

  const waiting = ['A=1', 'B=1', 'C=1'].map((state) => notify(state, { socketPath: path }));
  const lines = receiver.socket.tryReceive()?.data.toString().split('\n') ?? [];
  expect(() => notifySync('OVERTAKES=1', { socketPath: path })).toThrow(expect.objectContaining({ code: 'EAGAIN' }));
  while (lines.length < sent + 3) lines.push(...(await receiver.next()).lines);
  expect(await Promise.all(waiting)).toEqual([true, true, true]);
  expect(lines).toEqual([...Array.from({ length: sent }, (_, index) => `X_N=${index}`), 'A=1', 'B=1', 'C=1']);
  receiver.socket.close();
  await expect(notify({ READY: true }, { socketPath: path })).rejects.toMatchObject({ code: 'ECONNREFUSED' });
});

test('a barrier is passed when the manager comes to it, and not before', async () => {
  using receiver = new NotifyReceiver();
  const socketPath = receiver.variable;
  await notify({ STATUS: 'first' }, { socketPath });
  let isPassed = false;
  const barrier = notifyBarrier({ socketPath }).then((result) => {
    isPassed = true;
    return result;
  });
  expect((await receiver.next()).lines).toEqual(['STATUS=first']);
  const message = await receiver.socket.receive({ maxFds: 2 });
  expect(message.data.toString()).toBe('BARRIER=1');
  expect(message.fds).toHaveLength(1);
  await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
  expect(isPassed).toBe(false);
  message.fds[0]?.close();
  expect(await barrier).toBe(true);
});

test('a barrier gives up in time, when told, and when nobody is there; and leaves nothing open', async () => {
  using receiver = new NotifyReceiver();
  const socketPath = receiver.variable;
  await expect(notifyBarrier({ socketPath, timeoutMs: 20 })).rejects.toMatchObject({ code: 'ETIMEDOUT' });
  const abort = new AbortController();
  const barrier = notifyBarrier({ socketPath, signal: abort.signal });
  abort.abort(new Error('enough'));
  await expect(barrier).rejects.toThrow('enough');
  await expect(notifyBarrier({ socketPath: '/nobody/there' })).rejects.toMatchObject({ code: 'ENOENT' });
  await expect(notifyBarrier({ socketPath, timeoutMs: -1 })).rejects.toThrow(/timeoutMs/);
  expect(receiver.taken()).toHaveLength(2);
});

test('a receiver that writes to the pipe of a barrier does not end it', async () => {
  using receiver = UnixSocket.open('datagram');
  receiver.bind('auto');
  const barrier = notifyBarrier({ socketPath: receiver.localAddress ?? '' });
  const { fds } = await receiver.receive({ maxFds: 1 });
  await fds[0]?.writeAll('not the end');
  expect(await Promise.race([barrier, new Promise((resolve) => setTimeout(resolve, 20, 'waits'))])).toBe('waits');
  fds[0]?.close();
  expect(await barrier).toBe(true);
});

test('the manager may be stopped: nobody blocks, and the loop turns', async () => {
  const { readEnd, writeEnd } = pipe();
  using _reader = readEnd;
  using writer = writeEnd;
  using receiver = new NotifyReceiver();
  const barrier = notifyBarrier({ socketPath: receiver.variable });
  const reading = readEnd.read(Buffer.alloc(1));
  await writer.writeAll('x');
  expect(await reading).toBe(1);
  receiver.taken();
  await barrier;
});

test('unsetEnvironment takes the variable away', async () => {
  using receiver = new NotifyReceiver();
  process.env['NOTIFY_SOCKET'] = receiver.variable;
  expect(await notify({ READY: true })).toBe(true);
  expect(await notify({ READY: true }, { unsetEnvironment: true })).toBe(true);
  expect(process.env['NOTIFY_SOCKET']).toBeUndefined();
  expect(await notify({ READY: true })).toBe(false);
  expect(receiver.taken()).toHaveLength(2);
});

test('from a child, a grandchild and a Worker: the pid is that of the process that sent', async () => {
  using receiver = new NotifyReceiver();
  const env = { NOTIFY_SOCKET: receiver.variable };
  expect((await runFixture(NOTIFY, ['child'], { env })).stdout).toMatch(/^\d+\n$/);
  await using child = await spawnFixture(new URL('fixtures/stay-ready.ts', import.meta.url), ['grandchild'], { env });
  const grandchild = Number(await child.nextLine());
  const [, second] = [await receiver.next(), await receiver.next()];
  expect(second.sender.pid).toBe(grandchild);
  expect((await runFixture(NOTIFY, ['worker'], { env })).stdout).toBe('true\nset\n');
  expect((await receiver.next()).lines).toEqual(['READY=1']);
});

test('what is sent right before process.exit arrives', async () => {
  using receiver = new NotifyReceiver();
  await runFixture(NOTIFY, ['exit'], { env: { NOTIFY_SOCKET: receiver.variable } });
  expect(receiver.taken().map(({ lines }) => lines)).toEqual([['STOPPING=1']]);
});

needs('unprivileged-user').test(
  'as nobody: the ids are told; a socket that is closed to others is EACCES',
  async () => {
    using directory = temporaryDirectory('notify', { mode: 0o777 });
    const path = `${directory.path}/socket`;
    using receiver = new NotifyReceiver(path);
    const options = { env: { NOTIFY_SOCKET: path }, ...asUnprivilegedUser };
    chmodSync(path, 0o777);
    expect((await runFixture(NOTIFY, ['plain', 'unset'], options)).stdout).toBe('true\nunset\n');
    const { sender } = await receiver.next();
    expect(sender).toMatchObject({ uid: asUnprivilegedUser.uid, gid: asUnprivilegedUser.gid });
    chmodSync(path, 0o700);
    expect((await runFixture(NOTIFY, ['plain', 'unset'], options)).stdout).toBe('EACCES\nunset\n');
  },
);

needs('pid-namespace').test("in a user namespace without a mapping, where one's own ids cannot be stated", async () => {
  using receiver = new NotifyReceiver();
  const options = { env: { NOTIFY_SOCKET: receiver.variable }, prefix: ['unshare', '--user'] };
  expect((await runFixture(NOTIFY, ['plain'], options)).stdout).toBe('true\nset\n');
  expect((await receiver.next()).lines).toEqual(['READY=1']);
});

needs('root').test("in another's name, with the right to", async () => {
  using receiver = new NotifyReceiver();
  await using other = await spawnFixture(new URL('fixtures/stay-ready.ts', import.meta.url), ['none']);
  await notify({ STATUS: 'wrapped' }, { socketPath: receiver.variable, pid: other.pid });
  expect((await receiver.next()).sender.pid).toBe(other.pid);
});

needs('systemd-tools').test('systemd-notify(1) says the same to our receiver, and its barrier passes', async () => {
  using receiver = new NotifyReceiver();
  const env = { ...process.env, NOTIFY_SOCKET: receiver.variable };
  await using theirs = new RunningProgram('systemd-notify', ['--ready', '--status=über alles', 'X_A=b'], { env });
  const { lines } = await receiver.next();
  expect((await receiver.next()).lines).toEqual(['BARRIER=1']);
  expect(await theirs.ended).toBe(0);
  await notify({ READY: true, STATUS: 'über alles', X_A: 'b' }, { socketPath: receiver.variable });
  expect((await receiver.next()).lines.sort()).toEqual(lines.sort());
});

needs('python3').test('a receiver in Python takes message, credentials, descriptors and barrier', async () => {
  using directory = temporaryDirectory();
  const path = `${directory.path}/notify`;
  await using python = new RunningProgram('python3', [RECEIVER, path]);
  await eventually(() => python.lines.includes('ready'));
  await notify({ READY: true, STATUS: 'ok' }, { socketPath: path });
  const { readEnd, writeEnd } = pipe();
  using reader = readEnd;
  using writer = writeEnd;
  await notify({ FDSTORE: true }, { socketPath: path, fds: [reader, writer] });
  expect(await notifyBarrier({ socketPath: path, timeoutMs: 20_000 })).toBe(true);
  await eventually(() => python.lines.length === 4);
  const own = { pid: process.pid, uid: process.getuid?.() };
  expect(python.lines.slice(1).map((line) => JSON.parse(line) as unknown)).toEqual([
    { lines: ['READY=1', 'STATUS=ok'], fds: [], ...own },
    { lines: ['FDSTORE=1'], fds: ['fifo', 'fifo'], ...own },
    { lines: ['BARRIER=1'], fds: ['fifo'], ...own },
  ]);
});
