/**
 * One contender of the tables of fork hooks: `node fork-peer.ts OPERATION HOOKING PROGRAM`, says `ready`, reads `run ITERATIONS` and
 * says `took NS`. Who replaces functions of Node's does so for good, so each has a process of its own.
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { Worker } from 'node:worker_threads';
import { addForkHook } from '@osx/forkhooks';
import { addListener } from 'process-on-spawn';

type Operation = () => bigint | Promise<bigint>;

const [operation = '', hooking = '', program = ''] = process.argv.slice(2);
const clock = (): bigint => process.hrtime.bigint();

/** Each tells what it took, in nanoseconds. */
const operations: Readonly<Record<string, Operation>> = {
  /** The call alone: a hook is in nobody's way afterwards. */
  async spawn() {
    const before = clock();
    const child = spawn('true', { stdio: 'ignore' });
    const took = clock() - before;
    await once(child, 'exit');
    return took;
  },
  spawnSync() {
    const before = clock();
    spawnSync('true', { stdio: 'ignore' });
    return clock() - before;
  },
  node() {
    const before = clock();
    spawnSync(process.execPath, [program], { stdio: 'ignore' });
    return clock() - before;
  },
  async worker() {
    const before = clock();
    await once(new Worker('1', { eval: true }), 'exit');
    return clock() - before;
  },
};

const hookings: Readonly<Record<string, () => void>> = {
  none: () => {},
  'one hook': () => void addForkHook({ key: 'a', beforeFork, afterForkInParent: () => {} }),
  'ten hooks': () => {
    for (let key = 0; key < 10; key += 1) addForkHook({ key: `${key}`, beforeFork, afterForkInParent: () => {} });
  },
  afterForkInChild: () => void addForkHook({ key: 'a', beforeFork, afterForkInChild: () => {} }),
  'process-on-spawn': () => addListener(({ env }) => void (env['A'] = '1')),
  'NODE_OPTIONS by hand': () => void (process.env['NODE_OPTIONS'] = `--require ${program}`),
};

function beforeFork({ env }: { readonly env: Record<string, string | undefined> }): void {
  env['A'] = '1';
}

const operate = operations[operation];
const hook = hookings[hooking];
if (operate === undefined || hook === undefined) throw new Error(`no ${operation} with ${hooking}`);
hook();
console.log('ready');
for await (const line of createInterface({ input: process.stdin })) {
  let took = 0n;
  for (let left = Number(line.split(' ')[1]); left > 0; left -= 1) took += await operate();
  console.log(`took ${took}`);
}
