/**
 * One contender of the tables of event descriptors: `node event-peer.ts ROLE NAME [ARGUMENTS]`, says `ready`, then as its role
 * says:
 *
 * - `call`, `ping`: reads `run ITERATIONS` and says `took NS`. System calls; to another process and back.
 * - `pong`: that other process; it ends with its standard input.
 * - `exit`: reads `round`, starts a process, kills it and says `noticed NS`.
 * - `interval PERIOD_MS COUNT BUSY_MS EVERY`: reads `go`; when COUNT periods were counted says `late NS ticks NUMBER`: how long after
 *   that moment should have been, and with how many calls; with so much work at every EVERYth call.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { eventCalls } from './peers/event-calls.ts';
import { eventPings } from './peers/event-pings.ts';
import { exitNotices } from './peers/exit-notices.ts';
import { intervals } from './peers/intervals.ts';

const [role = '', name = '', ...rest] = process.argv.slice(2);

if (role === 'pong') {
  process.stdin.on('end', () => process.exit()).resume();
  await named(eventPings).pong();
  // Until its standard input ends.
  await new Promise(() => {});
} else if (role === 'call') {
  await runOnRequest(await named(eventCalls)());
} else if (role === 'ping') {
  const ping = await named(eventPings).ping(process.argv[1] ?? '');
  await ping();
  await runOnRequest(async (iterations) => {
    for (let count = 0; count < iterations; count += 1) await ping();
  });
} else if (role === 'exit') {
  await noticeExits();
} else {
  await countPeriods();
}
process.exit();

async function runOnRequest(run: (iterations: number) => unknown): Promise<void> {
  await onRequest(async (line) => {
    const start = process.hrtime.bigint();
    await run(Number(line.split(' ')[1]));
    return `took ${process.hrtime.bigint() - start}`;
  });
}

async function noticeExits(): Promise<void> {
  const notice = await named(exitNotices)();
  await onRequest(async () => {
    const child = spawn('sleep', ['600'], { stdio: 'ignore' });
    await once(child, 'spawn');
    const { ended } = notice(child);
    // Not in step with whoever polls.
    await sleep(20 + Math.random() * 20);
    const before = process.hrtime.bigint();
    child.kill('SIGKILL');
    await ended;
    return `noticed ${process.hrtime.bigint() - before}`;
  });
}

async function countPeriods(): Promise<void> {
  const [periodMs = NaN, count = NaN, busyMs = NaN, every = NaN] = rest.map(Number);
  const start = await named(intervals)();
  await onRequest(async () => {
    const { promise, resolve } = Promise.withResolvers<string>();
    let periods = 0;
    let calls = 0;
    const began = process.hrtime.bigint();
    start(periodMs, (more) => {
      periods += more;
      calls += 1;
      if (periods >= count) resolve(`late ${late(began, periods * periodMs)} ticks ${calls}`);
      else if (busyMs > 0 && calls % every === 0) work(busyMs);
    });
    return await promise;
  });
}

function late(began: bigint, dueMs: number): bigint {
  return process.hrtime.bigint() - began - BigInt(dueMs) * 1_000_000n;
}

function work(milliseconds: number): void {
  const end = performance.now() + milliseconds;
  while (performance.now() < end);
}

/** Answers each line of standard input. */
async function onRequest(answer: (line: string) => Promise<string>): Promise<void> {
  console.log('ready');
  for await (const line of createInterface({ input: process.stdin })) console.log(await answer(line));
}

function named<T>(record: Readonly<Record<string, T>>): T {
  const found = record[name];
  if (found === undefined) throw new Error(`nobody is called '${name}' for '${role}'`);
  return found;
}
