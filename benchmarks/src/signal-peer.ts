/**
 * One contender of the signal tables: `node signal-peer.ts ROLE NAME [PID]`, says `ready`, then as its role says:
 *
 * - `one`, `many`, `first`, `another`, `operate`: reads `run ITERATIONS` and says `took NS`. A signal to itself, and the next
 *   when that was handled; 1,000 and then their handling; listening and no longer listening, alone or beside another
 *   listener of the kind; an operation.
 * - `receive`: says `handled NS` for each SIGUSR2.
 * - `flood`: reads `count` and says `calls COUNT NS`, how many there were since the last time, and when the last one was.
 * - `shutdown`: at SIGTERM writes `cleanup NS`, and ends as its name says.
 */
import { writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { shutdowns } from './peers/shutdowns.ts';
import { signalListeners } from './peers/signal-listeners.ts';
import type { SignalListener } from './peers/signal-listeners.ts';
import { signalOperations } from './peers/signal-operations.ts';

const [role = '', name = '', pid = ''] = process.argv.slice(2);
const SIGNAL = 'SIGUSR2';
process.setMaxListeners(0);

if (role === 'shutdown') {
  await named(shutdowns)((line) => void writeSync(1, `${line} ${process.hrtime.bigint()}\n`));
  setInterval(() => {}, 60_000);
  console.log('ready');
} else if (role === 'receive') {
  const listen = await named(signalListeners)();
  listen(SIGNAL, () => void writeSync(1, `handled ${process.hrtime.bigint()}\n`));
  console.log('ready');
  process.stdin.resume();
} else if (role === 'flood') {
  await countOnRequest(await named(signalListeners)());
} else {
  await runOnRequest(await operation());
}

type Run = (iterations: number) => unknown;

async function operation(): Promise<Run> {
  if (role === 'operate') return named(signalOperations)(Number(pid));
  const listen = await named(signalListeners)();
  if (role === 'one') return oneByOne(listen);
  if (role === 'many') return manyAtOnce(listen);
  if (role === 'another') listen(SIGNAL, () => {});
  return async (iterations) => {
    for (let count = 0; count < iterations; count += 1) {
      listen(SIGNAL, () => {})();
      if (count % 100 === 99) await settled();
    }
    await settled();
  };
}

/** The end of what ends later than its close. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function oneByOne(listen: SignalListener): Run {
  let handled: () => void = () => {};
  listen(SIGNAL, () => handled());
  return async (iterations) => {
    for (let count = 0; count < iterations; count += 1) {
      await new Promise<void>((resolve) => {
        handled = resolve;
        process.kill(process.pid, SIGNAL);
      });
    }
  };
}

/** Another signal comes last, and libuv keeps the order: whoever calls less often than there were signals is done, too. */
function manyAtOnce(listen: SignalListener): Run {
  let handled: () => void = () => {};
  listen(SIGNAL, () => {});
  process.on('SIGWINCH', () => handled());
  return async (iterations) => {
    for (let left = iterations; left > 0; left -= 1000) {
      await new Promise<void>((resolve) => {
        handled = resolve;
        for (let count = 0; count < Math.min(left, 1000); count += 1) process.kill(process.pid, SIGNAL);
        process.kill(process.pid, 'SIGWINCH');
      });
    }
  };
}

async function countOnRequest(listen: SignalListener): Promise<void> {
  let calls = 0;
  let last = 0n;
  listen(SIGNAL, () => {
    calls += 1;
    last = process.hrtime.bigint();
  });
  console.log('ready');
  for await (const _line of createInterface({ input: process.stdin })) {
    await sleep(50); // what is under way
    console.log(`calls ${calls} ${last}`);
    calls = 0;
  }
}

async function runOnRequest(run: Run): Promise<void> {
  console.log('ready');
  for await (const line of createInterface({ input: process.stdin })) {
    const iterations = Number(line.split(' ')[1]);
    const start = process.hrtime.bigint();
    await run(iterations);
    console.log(`took ${process.hrtime.bigint() - start}`);
  }
}

function named<T>(record: Readonly<Record<string, T>>): T {
  const found = record[name];
  if (found === undefined) throw new Error(`nobody is called '${name}' for '${role}'`);
  return found;
}
