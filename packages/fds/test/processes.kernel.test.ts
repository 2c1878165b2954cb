import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fstatSync, readSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { needs, runFixture, runTool, spawnFixture } from '@osx/test-support';
import { expect, test } from 'vitest';

import { isNonblocking, open, pipe, type Fd } from '@osx/fds';

const fixture = (name: string): URL => new URL(`fixtures/${name}`, import.meta.url);

async function textOf(fd: Fd): Promise<string> {
  let text = '';
  for await (const chunk of fd) text += chunk.toString();
  return text;
}

const LIST_FDS = `
import json, os
def inode(fd):
    try: return os.fstat(fd).st_ino
    except OSError: return None
print(json.dumps({fd: inode(fd) for fd in range(1024) if inode(fd) is not None}))`;

/** The open descriptors of a child: number to inode. */
async function descriptorsOfChild(...extra: number[]): Promise<Record<string, number>> {
  const output = pipe();
  using input = open('/dev/null');
  const child = spawn('python3', ['-c', LIST_FDS], {
    stdio: [input.toStdio(), output.writeEnd.toStdio(), 'inherit', ...extra],
  });
  output.writeEnd.close();
  const text = await textOf(output.readEnd);
  output.readEnd.close();
  if (child.exitCode === null) await once(child, 'close');
  return JSON.parse(text) as Record<string, number>;
}

needs('python3').test('a child has exactly the descriptors of its stdio array, whatever we hold open', async () => {
  // Whoever started the tests may have left descriptors open for every child.
  const inherited = Object.keys(await descriptorsOfChild());
  const held = Array.from({ length: 20 }, () => [pipe(), pipe({ nonblocking: true })] as const);
  const file = open('/dev/null');
  const copy = file.duplicate();
  const waiting = held.map(([{ readEnd }]) => readEnd.read(Buffer.alloc(1)).catch(() => {}));
  await new Promise(setImmediate);
  const extra = pipe({ nonblocking: true });

  const descriptors = await descriptorsOfChild(extra.readEnd.toStdio());
  expect(Object.keys(descriptors)).toEqual([...new Set(['0', '1', '2', '3', ...inherited])]);
  expect(descriptors['3']).toBe(fstatSync(extra.readEnd.number).ino);
  // Only 0, 1 and 2 does libuv itself put into blocking mode.
  expect(isNonblocking(extra.readEnd)).toBe(false);
  // Ours stays ours.
  expect(extra.readEnd.isClosed).toBe(false);

  for (const both of [extra, ...held.flat()]) for (const fd of [both.readEnd, both.writeEnd]) fd.close();
  file.close();
  copy.close();
  await Promise.all(waiting);
});

test('toStdio() gives the child a descriptor in blocking mode', async () => {
  const { readEnd, writeEnd } = pipe({ nonblocking: true });
  const output = pipe({ nonblocking: true });
  const child = spawn('cat', { stdio: [readEnd.toStdio(), output.writeEnd.toStdio(), 'inherit'] });
  expect(isNonblocking(readEnd)).toBe(false);
  expect(isNonblocking(writeEnd)).toBe(true);
  readEnd.close();
  output.writeEnd.close();
  const copied = textOf(output.readEnd);
  const sent = 'line\n'.repeat(100_000);
  await writeEnd.writeAll(sent);
  writeEnd.close();
  expect(await copied).toBe(sent);
  output.readEnd.close();
  const [code] = child.exitCode === null ? await once(child, 'close') : [child.exitCode];
  expect(code).toBe(0);
});

needs('python3').test('a terminal that is shared stays in blocking mode while we wait for it', () => {
  const printed = runTool('python3', [
    fileURLToPath(fixture('on-a-terminal.py')),
    process.execPath,
    fileURLToPath(fixture('read-stdin.ts')),
  ]);
  expect(printed.split('\n')).toEqual([
    'waiting, nonblocking false',
    'shared terminal nonblocking False',
    'read "typed\\n"',
    'end, nonblocking false',
    'exit 0',
    '',
  ]);
});

needs('strace').test('losing the race for a byte of a shared blocking pipe does not stop the event loop', async () => {
  const tokens = pipe();
  await using reader = await spawnFixture(fixture('read-token.ts'), [], {
    stdio: ['pipe', 'pipe', 'pipe', tokens.readEnd.toStdio()],
    prefix: ['strace', '-f', '-qq', '-o', '/dev/null', '-e', 'trace=poll', '-e', 'inject=poll:delay_exit=20000'],
  });
  using ours = open(`/proc/self/fd/${tokens.readEnd.number}`, 'r', { nonblocking: true });
  const byte = Buffer.alloc(1);
  let stolen = 0;
  for (let round = 0; round < 40; round++) {
    await tokens.writeEnd.writeAll('x');
    // Somewhere in here the child has been told that a byte is there, and has not read it.
    spin((round % 10) * 1000);
    if (!trySteal()) continue;
    stolen++;
    reader.send('ping');
    let line = await reader.nextLine();
    while (line === 'token') line = await reader.nextLine();
    expect(line).toBe('pong');
  }
  expect(stolen).toBeGreaterThan(0);
  tokens.readEnd.close();
  tokens.writeEnd.close();

  function trySteal(): boolean {
    try {
      return readSync(ours.number, byte) === 1;
    } catch {
      return false;
    }
  }
});

function spin(microseconds: number): void {
  const end = performance.now() + microseconds / 1000;
  while (performance.now() < end);
}

test('out of descriptors every call says EMFILE, and works again afterwards', async () => {
  const { stdout, stderr } = await runFixture(fixture('out-of-descriptors.ts'), [], {
    prefix: ['prlimit', '--nofile=64'],
  });
  expect(stderr).toBe('');
  expect(stdout.split('\n')).toEqual([
    'open EMFILE',
    'pipe EMFILE',
    'duplicate EMFILE',
    'waiting EMFILE',
    'pipe EMFILE',
    'waiting ETIMEDOUT',
    '',
  ]);
});

test('a descriptor that nobody waits for any more does not keep the process alive', async () => {
  const { code, stdout } = await runFixture(fixture('idle-descriptor.ts'), [], { timeoutMs: 10_000 });
  expect({ code, stdout }).toEqual({ code: 0, stdout: 'SystemError: ETIMEDOUT: connection timed out, read\n' });
});

test('a broken pipe is EPIPE and not the end of the process', async () => {
  expect(await runFixture(fixture('broken-pipe.ts'))).toMatchObject({ code: 0, stdout: 'EPIPE\nalive\n', stderr: '' });
});

test.each(['end', 'exit', 'terminate', 'terminate-waiting'])(
  'a Worker that ends by %s leaves no descriptor behind',
  async (mode) => {
    const { code, stdout, stderr } = await runFixture(fixture('workers.ts'), [mode]);
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: '0 left\n', stderr: '' });
  },
);

test('a number is handed to another thread with release() and adopt()', async () => {
  const { stdout, stderr } = await runFixture(fixture('workers.ts'), ['hand-over']);
  expect({ stdout, stderr }).toEqual({ stdout: `${'from the main thread\n'.repeat(10)}0 left\n`, stderr: '' });
});
