/**
 * `node pact-peer.ts parent NAME SCRATCH`: starts a child, says `ready` and the child's pid once that is under its pact, and waits to
 * be killed. `node pact-peer.ts child PACT OPTIONS`: is under a pact of ours, says `ready`, and works.
 */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import * as deathpacts from '@osx/deathpacts';
import { pactParents } from './peers/pact-parents.ts';

const [role = '', name = '', rest = ''] = process.argv.slice(2);
if (role === 'child') {
  const Pact = (deathpacts as unknown as Record<string, new (options: object) => unknown>)[name];
  if (Pact === undefined) throw new Error(`there is no pact ${name}`);
  void new Pact(JSON.parse(rest) as object);
  console.log('ready');
} else {
  const start = pactParents[name];
  if (start === undefined) throw new Error(`there is no parent ${name}`);
  const child = await start(process.argv[1] as string, rest);
  const isOurs = child.stdout !== null;
  if (child.stdout !== null) await once(child.stdout, 'data');
  // What is started through another program is there when it has become itself.
  while (!isOurs && readFileSync(`/proc/${child.pid}/comm`, 'utf8') !== 'sleep\n') await new Promise(setImmediate);
  console.log('ready');
  console.log(`child ${child.pid}`);
}
setInterval(() => {}, 60_000);
