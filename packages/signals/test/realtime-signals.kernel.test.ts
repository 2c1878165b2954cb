import { readFileSync } from 'node:fs';

import { queueSignal, sendSignal } from '@osx/signals';
import { eventually, needs, runFixture, runTool, spawnFixture } from '@osx/test-support';
import type { FixtureProcess } from '@osx/test-support';
import { describe, expect, it } from 'vitest';

const FIXTURE = new URL('./fixtures/realtime.ts', import.meta.url);
const NUMBER = 37;

/** What the kernel says the process does about SIGRTMIN+3. */
function disposition(pid: number): 'ignored' | 'caught' | 'default' {
  const status = readFileSync(`/proc/${pid}/status`, 'latin1');
  const has = (set: string): boolean => {
    const bits = new RegExp(`^${set}:\\s*(\\w+)$`, 'm').exec(status)?.[1];
    return ((BigInt(`0x${bits}`) >> BigInt(NUMBER - 1)) & 1n) === 1n;
  };
  if (has('SigIgn')) return 'ignored';
  return has('SigCgt') ? 'caught' : 'default';
}

/** Sends SIGRTMIN+3 many times; returns when, by the monotonic clock, the last one had not been sent yet. */
function sendMany(pid: number, count: number): bigint {
  const python = `
import os, sys, time
pid, count = int(sys.argv[1]), int(sys.argv[2])
for n in range(count):
    before = time.monotonic_ns()
    os.kill(pid, ${NUMBER})
print(before)`;
  return BigInt(runTool('python3', ['-c', python, `${pid}`, `${count}`]).trim());
}

/** Sends SIGRTMIN+3 many times, or until the process is gone, through a pidfd: to this process and no other. */
function sendToWhoMayGo(pid: number): void {
  const python = `
import os, signal, sys
process = os.pidfd_open(int(sys.argv[1]))
try:
    for n in range(20_000):
        signal.pidfd_send_signal(process, ${NUMBER})
except ProcessLookupError:
    pass`;
  runTool('python3', ['-c', python, `${pid}`]);
}

async function callsOf(child: FixtureProcess): Promise<{ calls: number; last: bigint }> {
  child.send('calls');
  const [calls, last] = (await child.nextLine()).split(' ') as [string, string];
  return { calls: Number(calls), last: BigInt(last) };
}

/** Runs the fixture to its end under a parent that prints how wait(2) saw it end. */
async function endOf(mode: string, act: (pid: number) => void): Promise<string | undefined> {
  const python = `
import os, signal, subprocess, sys
child = subprocess.Popen(sys.argv[1:])
print('pid', child.pid, flush=True)
print('end', child.wait(), flush=True)`;
  await using child = await spawnFixture(FIXTURE, [mode], {
    prefix: ['python3', '-c', `print('ready', flush=True)${python}`],
  });
  let pid = 0;
  for (;;) {
    const line = await child.nextLine();
    if (line.startsWith('pid ')) pid = Number(line.slice(4));
    if (line === 'ready') act(pid);
    if (line.startsWith('end ')) return line.slice(4);
  }
}

needs('linux', 'python3').describe('real-time signals', () => {
  it.for<[string, (pid: number) => void]>([
    ['kill(1)', (pid) => runTool('kill', ['-s', 'RTMIN+3', `${pid}`])],
    ['Python', (pid) => sendMany(pid, 1)],
    ['sendSignal', (pid) => sendSignal(pid, 'SIGRTMIN+3')],
    ['queueSignal, without its value', (pid) => queueSignal(pid, NUMBER, 5)],
  ])('come from %s', async ([, send]) => {
    await using child = await spawnFixture(FIXTURE, ['handler']);
    send(child.pid);
    expect(await child.nextLine()).toBe('SIGRTMIN+3 37');
  });

  it('come with Workers running', async () => {
    await using child = await spawnFixture(FIXTURE, ['workers']);
    sendMany(child.pid, 100);
    expect(await child.nextLine()).toBe('SIGRTMIN+3 37');
  });

  it('are handled once after the last of 20,000, with the event loop running or blocked', async () => {
    await using child = await spawnFixture(FIXTURE, ['handler']);
    const running = sendMany(child.pid, 20_000);
    expect(await child.nextLine()).toBe('SIGRTMIN+3 37');
    await eventually(async () => (await callsOf(child)).last > running);

    child.send('block');
    expect(await child.nextLine()).toBe('blocked');
    const blocked = sendMany(child.pid, 20_000);
    expect(await child.nextLine()).toBe('free');
    await eventually(async () => (await callsOf(child)).last > blocked);
    expect((await callsOf(child)).calls).toBeLessThanOrEqual(40_000);
  });

  it('go to the innermost scope and to every handler', async () => {
    await using child = await spawnFixture(FIXTURE, ['scopes']);
    sendSignal(child.pid, NUMBER);
    expect([await child.nextLine(), await child.nextLine()]).toEqual(['handler', 'inner']);
    sendSignal(child.pid, NUMBER);
    expect([await child.nextLine(), await child.nextLine()]).toEqual(['handler', 'outer']);
  });

  it('can be waited for, which keeps the process alive', async () => {
    await using child = await spawnFixture(FIXTURE, ['wait']);
    sendSignal(child.pid, NUMBER);
    expect(await child.nextLine()).toBe('SIGRTMIN+3');
    expect(await child.exited).toEqual({ code: 0, signal: null });
  });

  it('do not keep the process alive by a handler', async () => {
    expect(await runFixture(FIXTURE, ['idle handler'])).toMatchObject({ code: 0, signal: null });
  });

  it('let a handler exit while more of them come', async () => {
    const end = await endOf('exit', sendToWhoMayGo);
    expect(end).toBe('7');
  });

  it('end the process by raiseDefault', async () => {
    expect(await endOf('raise', (pid) => sendSignal(pid, NUMBER))).toBe(`-${NUMBER}`);
  });

  it('leave the disposition as it was', async () => {
    await using child = await spawnFixture(FIXTURE, ['handler']);
    expect(disposition(child.pid)).toBe('caught');
    child.send('close');
    expect(await child.nextLine()).toBe('closed');
    expect(disposition(child.pid)).toBe('default');
  });

  it('are ignored again when they were ignored', async () => {
    const ignore = `import os, signal, sys; signal.signal(${NUMBER}, signal.SIG_IGN); os.execvp(sys.argv[1], sys.argv[1:])`;
    await using child = await spawnFixture(FIXTURE, ['handler'], { prefix: ['python3', '-c', ignore] });
    expect(disposition(child.pid)).toBe('caught');
    sendSignal(child.pid, NUMBER);
    expect(await child.nextLine()).toBe('SIGRTMIN+3 37');
    child.send('close');
    expect(await child.nextLine()).toBe('closed');
    expect(disposition(child.pid)).toBe('ignored');
  });

  it('are left to default by two copies of the package, whichever closes last', async () => {
    const { stdout } = await runFixture(new URL('./fixtures/realtime-sources.ts', import.meta.url));
    expect(stdout.split('\n')).toEqual([
      'default caught caught default caught caught default default',
      'EINVAL: invalid argument, sigaction',
      '',
    ]);
  });

  it('are refused in Workers, and where Node hides its signal handles', async () => {
    const { stdout } = await runFixture(new URL('./fixtures/realtime-refused.ts', import.meta.url));
    expect(stdout.split('\n')).toEqual([
      expect.stringMatching(/^true ENOTSUP: handling real-time signals is not supported on .*newListener.* 0$/),
      expect.stringMatching(/^true ENOTSUP: handling signals is not supported on Workers .* 0$/),
      '',
    ]);
  });

  describe('blocked on the main thread only', () => {
    it('end the process, for the other threads leave them unblocked', async () => {
      expect(await endOf('blocked', (pid) => sendSignal(pid, NUMBER))).toBe(`-${NUMBER}`);
    });

    it('are handled', async () => {
      await using child = await spawnFixture(FIXTURE, ['blocked handler']);
      sendSignal(child.pid, NUMBER);
      expect(await child.nextLine()).toBe('SIGRTMIN+3 37');
    });
  });
});
