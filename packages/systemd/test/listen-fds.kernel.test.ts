import { connect } from 'node:net';

import { pipe } from '@osx/fds';
import { UnixSocket } from '@osx/sockets';
import { isSocket, listenFds } from '@osx/systemd';
import { eventually, expectNoNewFds, needs, openFds, runFixture, temporaryDirectory } from '@osx/test-support';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';

import { RunningProgram } from './running-program.ts';

const ACTIVATED = new URL('fixtures/activated.ts', import.meta.url);
const HAND_OVER = new URL('fixtures/hand-over.py', import.meta.url).pathname;
let before: Map<number, string>;
beforeAll(() => {
  using _loaded = UnixSocket.open('datagram');
  before = openFds();
});
afterEach(() => {
  for (const name of ['LISTEN_PID', 'LISTEN_PIDFDID', 'LISTEN_FDS']) delete process.env[name];
});
afterAll(() => expectNoNewFds(before));

/** What the service prints that is handed `kinds`. */
async function handOver(kinds: string, env: Record<string, string> = {}, how = 'list'): Promise<string[]> {
  using directory = temporaryDirectory();
  const prefix = ['python3', HAND_OVER, kinds];
  const { stdout } = await runFixture(ACTIVATED, [how], { env, prefix, cwd: directory.path });
  return stdout.trim().split('\n');
}

/** How many descriptors it got, or the error. */
async function outcome(kinds: string, env: Record<string, string>): Promise<number | string> {
  const [first = ''] = await handOver(kinds, env);
  return first.startsWith('[') ? (JSON.parse(first) as unknown[]).length : first;
}

test('nothing was handed over', () => {
  expect(listenFds()).toEqual([]);
  process.env['LISTEN_FDS'] = '1';
  expect(listenFds()).toEqual([]);
  process.env['LISTEN_PID'] = `${process.ppid}`;
  process.env['LISTEN_FDS'] = 'garbage that is not ours';
  expect(listenFds()).toEqual([]);
  expect(listenFds({ unset: true })).toEqual([]);
  expect(process.env['LISTEN_FDS']).toBeUndefined();
  process.env['LISTEN_PID'] = `${process.pid}`;
  expect(listenFds()).toEqual([]);
  process.env['LISTEN_PIDFDID'] = '1';
  expect(listenFds()).toEqual([]);
  expect(() => listenFds({ unset: 1 as never })).toThrow(/options\.unset/);
});

needs('python3').describe('a manager in Python', () => {
  test('every kind is told, in order, with its name and address, close-on-exec', async () => {
    const kinds = 'tcp,tcp6,udp,connected,abstract,path,netlink,fifo,file,null,directory,eventfd';
    const names = 'web:web6:dns:one:two::net:pipe:data:null:root:event';
    const [json = '', left] = await handOver(kinds, { LISTEN_FDNAMES: names });
    const found = JSON.parse(json) as Record<string, unknown>[];
    expect(left).toBe('0');
    expect(found.map(({ fd }) => fd)).toEqual(Array.from({ length: 12 }, (_, index) => 3 + index));
    expect(found.map(({ name }) => name)).toEqual(names.split(':'));
    expect(found.every(({ isCloseOnExec }) => isCloseOnExec === true)).toBe(true);
    const port: unknown = expect.any(Number);
    expect(found.map(({ kind, family, isListening, address }) => [kind, family, isListening, address])).toEqual([
      ['stream', 'inet', true, { address: '127.0.0.1', family: 'IPv4', port }],
      ['stream', 'inet6', true, { address: '::1', family: 'IPv6', port }],
      ['datagram', 'inet', false, { address: '127.0.0.1', family: 'IPv4', port }],
      ['stream', 'unix', false, null],
      ['seqpacket', 'unix', true, { abstract: expect.stringMatching(/^osx-\d+$/) as unknown }],
      ['datagram', 'unix', false, { type: 'Buffer', data: [...Buffer.from('caf\xe9', 'latin1')] }],
      ['raw', 'other', false, null],
      ['fifo', null, false, null],
      ['file', null, false, null],
      ['character', null, false, null],
      ['directory', null, false, null],
      ['other', null, false, null],
    ]);
  });

  test('without names all are unknown; without unset the variables stay', async () => {
    const [json = '', left] = await handOver('fifo,fifo', {}, 'keep');
    expect((JSON.parse(json) as { name: string }[]).map(({ name }) => name)).toEqual(['unknown', 'unknown']);
    expect(left).toBe('2');
  });

  test.each<[string, Record<string, string>, number | RegExp]>([
    ['another pid', { TEST_LISTEN_PID: '1' }, 0],
    ['a pid that is none', { TEST_LISTEN_PID: 'x' }, /LISTEN_PID must be/],
    ['pid 0', { TEST_LISTEN_PID: '0' }, /LISTEN_PID must be/],
    ['no count', { LISTEN_FDS: '' }, /LISTEN_FDS must be/],
    ['a count of 0', { LISTEN_FDS: '0' }, /LISTEN_FDS must be/],
    ['a negative count', { LISTEN_FDS: '-1' }, /LISTEN_FDS must be/],
    ['a count with more behind', { LISTEN_FDS: '1x' }, /LISTEN_FDS must be/],
    ['a count beyond descriptors', { LISTEN_FDS: '2147483645' }, /LISTEN_FDS must be/],
    ['more than are open', { LISTEN_FDS: '2147483644' }, /and \d+ is not/],
    ['fewer than are open', { LISTEN_FDS: '1' }, 1],
    ['too few names', { LISTEN_FDNAMES: 'a' }, /LISTEN_FDNAMES must be 2 names/],
    ['too many names', { LISTEN_FDNAMES: 'a:b:c' }, /LISTEN_FDNAMES must be 2 names/],
    ['empty names', { LISTEN_FDNAMES: ':' }, 2],
    ['our pidfd', { TEST_PIDFDID: 'own' }, 2],
    ['a recycled pid', { LISTEN_PIDFDID: '1' }, 0],
    ['no pidfd', { LISTEN_PIDFDID: 'x' }, /LISTEN_PIDFDID must be/],
  ])('%s', async (_what, env, expected) => {
    const result = await outcome('fifo,fifo', env);
    if (typeof expected === 'number') expect(result).toBe(expected);
    else expect(result).toMatch(expected);
  });

  test('a server on a socket that was handed over', async () => {
    using directory = temporaryDirectory();
    const command = [HAND_OVER, 'tcp', process.execPath, ACTIVATED.pathname, 'serve'];
    await using service = new RunningProgram('python3', command, { cwd: directory.path });
    await eventually(() => service.lines.length === 4);
    const { lines } = service;
    expect(lines[2]).toBe('true true false');
    const { port } = JSON.parse(lines[3] ?? '') as { port: number };
    expect(JSON.parse(lines[0] ?? '')).toMatchObject([{ address: { port } }]);
    expect(await answerOf({ port, host: '127.0.0.1' })).toBe('hello from the service\n');
    expect(await service.ended).toBe(0);
  });
});

needs('systemd-tools').describe('systemd-socket-activate(1)', () => {
  /** The lines that the service prints once somebody has connected to `path`. */
  async function activate(args: string[], how: string, poke: (path: string) => Promise<unknown>): Promise<string[]> {
    using directory = temporaryDirectory();
    const path = `${directory.path}/socket`;
    const words = [...args, '-l', path, '-E', `PATH=${process.env['PATH']}`];
    const command = [...words, process.execPath, ACTIVATED.pathname, how];
    await using activator = new RunningProgram('systemd-socket-activate', command);
    await eventually(() => activator.stderr.includes('Listening on'));
    await poke(path);
    await activator.ended;
    return activator.lines;
  }

  test('a listening socket, with a name, into net.Server', async () => {
    let answer: Promise<string> | undefined;
    const lines = await activate(['--fdname=greeter'], 'serve', async (path) => {
      answer = answerOf({ path });
      await answer;
    });
    expect(await answer).toBe('hello from the service\n');
    expect(JSON.parse(lines[0] ?? '')).toEqual([
      {
        fd: 3,
        name: 'greeter',
        kind: 'stream',
        family: 'unix',
        isListening: true,
        address: expect.stringMatching(/\/socket$/) as unknown,
        isCloseOnExec: true,
      },
    ]);
    expect(lines.slice(1, 3)).toEqual(['0', 'true true false']);
  });

  test('a datagram socket', async () => {
    const lines = await activate(['--datagram'], 'list', async (path) => {
      using sender = UnixSocket.open('datagram');
      await sender.send('wake up', { to: path });
    });
    expect(JSON.parse(lines[0] ?? '')).toMatchObject([{ kind: 'datagram', isListening: false, family: 'unix' }]);
  });
});

test('what a descriptor is', async () => {
  using directory = temporaryDirectory();
  const path = `${directory.path}/socket`;
  using listener = UnixSocket.open('seqpacket');
  listener.bind(path);
  expect(isSocket(listener.fd, { kind: 'seqpacket', family: 'unix', isListening: false, path })).toBe(true);
  listener.listen();
  expect(isSocket(listener.fd)).toBe(true);
  expect(isSocket(listener.fd, { isListening: true, path: Buffer.from(path) })).toBe(true);
  expect(isSocket(listener.fd, { path: new URL(`file://${path}`) })).toBe(true);
  expect(isSocket(listener.fd, { isListening: false })).toBe(false);
  expect(isSocket(listener.fd, { kind: 'stream' })).toBe(false);
  expect(isSocket(listener.fd, { family: 'inet' })).toBe(false);
  expect(isSocket(listener.fd, { path: '/socket' })).toBe(false);
  expect(isSocket(listener.fd, { path: { abstract: path } })).toBe(false);
  expect(isSocket(listener.fd, { port: 1 })).toBe(false);
  using nameless = UnixSocket.open('datagram');
  expect(isSocket(nameless.fd, { path })).toBe(false);
  nameless.bind('auto');
  expect(isSocket(nameless.fd, { path: nameless.localAddress ?? '' })).toBe(true);
  const { readEnd, writeEnd } = pipe();
  using reader = readEnd;
  writeEnd.close();
  expect(isSocket(reader)).toBe(false);
  expect(() => isSocket(999_999)).toThrow(expect.objectContaining({ code: 'EBADF' }));
  expect(() => isSocket(-1)).toThrow(RangeError);
  for (const wish of [{ kind: 'tcp' }, { family: 'x' }, { isListening: 1 }, { port: 65_536 }, { path: 5 }]) {
    expect(() => isSocket(listener.fd, wish as never)).toThrow(/wish\./);
  }
});

function answerOf(to: { path: string } | { port: number; host: string }): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    connect(to)
      .setEncoding('utf8')
      .on('data', (more: string) => (text += more))
      .once('error', reject)
      .once('close', () => resolve(text));
  });
}
