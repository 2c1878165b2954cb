/**
 * What subscriptions leave behind: `node --expose-gc signal-memory.ts NAME ROUNDS`. A round is 10,000 of them opened and
 * closed one by one, and 10,000 open at once. Prints one line of JSON: the bytes of heap that each round added, what all of
 * them added to resident memory, and what the 10,000 held while they were open.
 */
import { signalListeners } from './peers/signal-listeners.ts';
import type { SignalListener } from './peers/signal-listeners.ts';

const [name = '', times = ''] = process.argv.slice(2);
const COUNT = 10_000;
process.setMaxListeners(0);
const prepare = signalListeners[name];
if (prepare === undefined) throw new Error(`no listener is called '${name}'`);
const listen = await prepare();

for (let warmUp = 0; warmUp < 2; warmUp += 1) await round(listen);
const residentBefore = process.memoryUsage.rss();
const rounds: { growth: number; held: number }[] = [];
for (let count = 0; count < Number(times); count += 1) rounds.push(await round(listen));
const resident = process.memoryUsage.rss() - residentBefore;
console.log(
  JSON.stringify({ growth: rounds.map(({ growth }) => growth), held: rounds.map(({ held }) => held), resident }),
);
process.exit();

/** Nothing of it is referred to when it is over. */
async function round(subscribe: SignalListener): Promise<{ growth: number; held: number }> {
  const before = await heap();
  await oneByOne(subscribe);
  const held = await allAtOnce(subscribe);
  return { growth: (await heap()) - before, held };
}

async function oneByOne(subscribe: SignalListener): Promise<void> {
  for (let count = 0; count < COUNT; count += 1) subscribe('SIGUSR2', () => {})();
  await settled();
}

/** What they hold while they are open. */
async function allAtOnce(subscribe: SignalListener): Promise<number> {
  const before = await heap();
  const open = Array.from({ length: COUNT }, () => subscribe('SIGUSR2', () => {}));
  const held = (await heap()) - before;
  for (const close of open) close();
  await settled();
  return held;
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
