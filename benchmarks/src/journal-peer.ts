/**
 * One contender of the journald tables: `node journal-peer.ts ROLE NAME SOCKET`, says `ready`, then as its role says:
 *
 * - `entries`, `pino`: reads `run COUNT` and says `took WALL CPU CALLS`, nanoseconds until everything was handed over, of the
 *   process's processor time, and of the calls alone, in the thread that logs.
 * - `delay`: reads `run SECONDS` and says `delay P50 P99 MAX OFFERED DROPPED`, nanoseconds of the event loop's delay while 50,000
 *   entries a second are offered.
 */
import { createInterface } from 'node:readline';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises';
import { journalLoggers } from './peers/journal-loggers.ts';
import { journalSenders } from './peers/journal-senders.ts';

const OFFERED_PER_SECOND = 50_000;

const [role = '', name = '', socketPath = ''] = process.argv.slice(2);
const run = await operation();
console.log('ready');
for await (const line of createInterface({ input: process.stdin })) console.log(await run(Number(line.split(' ')[1])));

/** What hands entries over, one after the other. */
export interface EntrySender {
  send(n: number): Promise<void> | void;
  flush(): Promise<unknown>;
  readonly dropped?: number;
}

async function operation(): Promise<(figure: number) => Promise<string>> {
  const open = role === 'pino' ? journalLoggers[name] : journalSenders[name];
  if (open === undefined) throw new Error(`nobody is called '${name}' for '${role}'`);
  const sender = await open(socketPath);
  return role === 'delay' ? (seconds) => delayed(sender, seconds) : (count) => timed(sender, count);
}

async function timed(sender: EntrySender, count: number): Promise<string> {
  const cpu = process.cpuUsage();
  const start = process.hrtime.bigint();
  let calls = 0n;
  for (let n = 0; n < count;) {
    const before = process.hrtime.bigint();
    for (const end = Math.min(count, n + 100); n < end; n += 1) {
      const sent = sender.send(n);
      if (sent !== undefined) await sent;
    }
    calls += process.hrtime.bigint() - before;
    await turn();
  }
  await sender.flush();
  const wall = process.hrtime.bigint() - start;
  const { user, system } = process.cpuUsage(cpu);
  return `took ${wall} ${(user + system) * 1_000} ${calls}`;
}

async function delayed(sender: EntrySender, seconds: number): Promise<string> {
  const histogram = monitorEventLoopDelay({ resolution: 1 });
  const start = performance.now();
  histogram.enable();
  let offered = 0;
  for (let elapsed = 0; elapsed < seconds * 1_000; elapsed = performance.now() - start) {
    const due = (elapsed / 1_000) * OFFERED_PER_SECOND;
    // What a slow moment left behind is made up for turn by turn: nobody's requests come all at once.
    for (const end = Math.min(due, offered + 100); offered < end; offered += 1) void sender.send(offered);
    await (offered < due ? turn() : sleep(1));
  }
  histogram.disable();
  await sender.flush();
  const figures = [histogram.percentile(50), histogram.percentile(99), histogram.max, offered, sender.dropped ?? 0];
  return `delay ${figures.join(' ')}`;
}
