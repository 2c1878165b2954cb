import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { forEveryInjection, spawnFixture, temporaryDirectory, type InjectionRound } from '@osx/test-support';

import { auditLife, auditState } from '../src/demo/audit.ts';
import { readState } from '../src/state-file.ts';

const jobd = new URL('../src/jobd.ts', import.meta.url);
const wholeLife = new URL('fixtures/whole-life.ts', import.meta.url);

export interface LifeRound {
  readonly acknowledged: number;
}

/**
 * Lets a daemon fail, or be killed, at the k-th use of a system call, for all k, and starts another one after each: it
 * starts, nothing acknowledged is lost, nothing recorded is done again, and in the end nothing is left but the state.
 */
export function lifeRounds(fault: string): Promise<InjectionRound<LifeRound>[]> {
  return forEveryInjection(fault, async (inject) => {
    using directory = temporaryDirectory();
    const statePath = join(directory.path, 'state.json');
    writeFileSync(join(directory.path, 'jobd.pid'), `1234\n{"info":"${'of a longer record '.repeat(50)}"}\n`);
    // A result that cannot be written is a warning of the shutdown.
    const { stdout } = await inject(wholeLife, [directory.path], { allowNodeWarnings: true });
    const acknowledged = [...stdout.matchAll(/^acknowledged (\w)$/gm)].map(([, id = '']) => id);
    const before = await readState(statePath);
    expectNone(auditState(before, acknowledged));

    await using next = await spawnFixture(jobd, [directory.path]);
    const ran: string[] = [];
    for (let waiting = before.queue.length; waiting > 0;) {
      const [verb, id = ''] = (await next.nextLine()).split(' ');
      if (verb === 'run') ran.push(id);
      if (verb === 'recorded') waiting--;
    }
    next.kill('SIGTERM');
    const { signal } = await next.exited;
    const after = await readState(statePath);
    expectNone([...auditState(after, acknowledged), ...auditLife(before, ran, after)]);
    if (after.queue.length > 0) throw new Error(`${after.queue.length} jobs are queued`);
    if (signal !== 'SIGTERM') throw new Error(`the next daemon ended by ${signal}\n${next.stderr}`);
    // A daemon that never had a job writes no state.
    const left = readdirSync(directory.path).filter((name) => name !== 'state.json');
    if (left.length > 0) throw new Error(`there is left ${left.join(', ')}`);
    return { acknowledged: acknowledged.length };
  });
}

function expectNone(faults: string[]): void {
  if (faults.length > 0) throw new Error(faults.join('\n'));
}
