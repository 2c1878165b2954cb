/**
 * What 10,000 subscriptions leave behind: `node --expose-gc signal-memory.ts NAME ROUNDS`. Prints one line of JSON with the
 * bytes of heap that each round added, all rounds of resident memory, and what the subscriptions held while they were open.
 */
import { signalListeners } from './peers/signal-listeners.ts';
import type { SignalListener } from './peers/signal-listeners.ts';

const [name = '', rounds = ''] = process.argv.slice(2);
const COUNT = 10_000;
process.setMaxListeners(0);
const prepare = signalListeners[name];
if (prepare === undefined) throw new Error(`no listener is called '${name}'`);
const listen = await prepare();

for (let warmUp = 0; warmUp < 3; warmUp += 1) {
  await oneByOne(listen);
  (await allAtOnce(listen))();
}
await heap();
const residentBefore = process.memoryUsage.rss();
const growth: number[] = [];
const held: number[] = [];
for (let round = 0; round < Number(rounds); round += 1) {
  const before = await heap();
  await oneByOne(listen);
  const between = await heap();
  const close = await allAtOnce(listen);
  held.push((await heap()) - between);
  close();
  growth.push((await heap()) - before);
}
await heap();
console.log(JSON.stringify({ growth, held, resident: process.memoryUsage.rss() - residentBefore }));
process.exit();

async function oneByOne(subscribe: SignalListener): Promise<void> {
  for (let count = 0; count < COUNT; count += 1) subscribe('SIGUSR2', () => {})();
  await settled();
}

async function allAtOnce(subscribe: SignalListener): Promise<() => void> {
  const open = Array.from({ length: COUNT }, () => subscribe('SIGUSR2', () => {}));
  await settled();
  return () => {
    for (const close of open) close();
  };
}

/** The used heap in bytes, when nothing is left to collect. */
async function heap(): Promise<number> {
  for (let pass = 0; pass < 4; pass += 1) {
    await settled();
    globalThis.gc?.();
  }
  return process.memoryUsage().heapUsed;
}

/** What ends later than its close, ends in a turn of the event loop or two. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
