/**
 * One watcher of a tree: `node --expose-gc tree-watch-peer.ts NAME ROOT`. Says `ready`, and answers lines:
 *
 * - `watch`: begins, and says `watching NS BYTES`, the time that took and what it added to resident memory, its package included.
 * - `count PATTERN`: from now on counts the paths below ROOT that match, each once; says `counting`.
 * - `busy FILE`: says `busy`, then does nothing else until there is such a file.
 * - `tell NUMBER`: when so many were counted, or nothing came for two seconds, says `found NUMBER NS CPU OVERFLOWS`: when the last
 *   one came, the microseconds of processor time since `count`, and how often it was told of lost events.
 */
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { treeWatchers } from './peers/tree-watchers.ts';

const [name = '', root = ''] = process.argv.slice(2);
const QUIET_MS = 2000;

let pattern = /^$/;
let overflows = 0;
let last = process.hrtime.bigint();
let cpu = process.cpuUsage();
const found = new Set<string>();

const listener = {
  found(path: string): void {
    const below = path.slice(root.length + 1);
    if (!pattern.test(below)) return;
    if (!found.has(below)) last = process.hrtime.bigint();
    found.add(below);
  },
  overflowed(): void {
    overflows += 1;
  },
};

const answers: Readonly<Record<string, (argument: string) => Promise<string>>> = {
  async watch() {
    const prepare = treeWatchers[name];
    if (prepare === undefined) throw new Error(`no watcher is called '${name}'`);
    const before = await resident();
    const watch = await prepare();
    const start = process.hrtime.bigint();
    watcher = await watch(root, listener);
    const took = process.hrtime.bigint() - start;
    return `watching ${took} ${(await resident()) - before}`;
  },

  async count(argument) {
    pattern = new RegExp(argument);
    found.clear();
    overflows = 0;
    cpu = process.cpuUsage();
    return 'counting';
  },

  async busy(file) {
    console.log('busy');
    const cell = new Int32Array(new SharedArrayBuffer(4));
    while (!existsSync(file)) Atomics.wait(cell, 0, 0, 5);
    return 'free';
  },

  async tell(argument) {
    let size = -1;
    let quietSince = performance.now();
    while (found.size < Number(argument) && performance.now() - quietSince < QUIET_MS) {
      await sleep(10);
      if (found.size === size) continue;
      size = found.size;
      quietSince = performance.now();
    }
    const { user, system } = process.cpuUsage(cpu);
    return `found ${found.size} ${last} ${user + system} ${overflows}`;
  },
};

/** Held, so that it is not collected. */
let watcher: unknown;

console.log('ready');
for await (const line of createInterface({ input: process.stdin })) {
  const [word = '', argument = ''] = line.split(/ (.*)/, 2);
  console.log(await answers[word]?.(argument));
}
process.exit(watcher === undefined ? 1 : 0);

/** Resident memory in bytes, when nothing is left to collect. */
async function resident(): Promise<number> {
  for (let pass = 0; pass < 3; pass += 1) {
    await sleep(50);
    globalThis.gc?.();
  }
  return process.memoryUsage.rss();
}
