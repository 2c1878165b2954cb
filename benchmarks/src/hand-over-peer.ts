/**
 * One of the two processes of a hand-over: `node hand-over-peer.ts LOCKER PATH SCRATCH`. Reads `lock` and `release`, says
 * `ready`, `waiting`, `locked NS` and `released NS`, the nanoseconds of the monotonic clock that all processes share.
 */
import { createInterface } from 'node:readline';
import { lockers } from './peers/lockers.ts';

const [name = '', path = '', scratch = ''] = process.argv.slice(2);
const prepare = lockers[name];
if (prepare === undefined) throw new Error(`no locker is called '${name}'`);
const locker = await prepare(path, scratch);
let release: () => unknown = () => {};

console.log('ready');
for await (const line of createInterface({ input: process.stdin })) {
  if (line === 'lock') {
    console.log('waiting');
    release = await locker();
    console.log(`locked ${process.hrtime.bigint()}`);
  } else {
    const before = process.hrtime.bigint();
    await release();
    console.log(`released ${before}`);
  }
}
