import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { spawnWithDeathpact } from '@osx/deathpacts';
import { hasCode, isUnsupportedError } from '@osx/errors';
import { openPidfd } from '@osx/linux/pidfd';
import { execa } from 'execa';
import { builtProject, buildProgram } from '../built-packages.ts';
import { LineProcess } from '../line-process.ts';
import { asyncContender, measureInterleaved } from '../measure.ts';
import type { Effort } from '../measure.ts';
import { pactParents } from '../peers/pact-parents.ts';
import { absentRow, limitGoal, rowOf } from '../report.ts';
import type { Goal, Row, Table } from '../report.ts';

/** How long a child may outlive its parent before it counts as left behind. */
const LEFT_BEHIND_MS = 1_000;
const reference = 'spawnWithDeathpact';
/** Those that are there to show what happens without, or bare; and one that waits for beats that do not come. */
const withoutGoal = ['setpriv --pdeathsig', 'HeartbeatFileDeathpact, 60 ms'];

/** How fast children follow their parent, and what it costs to start them under a pact. */
export async function* deathpacts(scratch: string, effort: Effort, rounds: number): AsyncGenerator<Table> {
  yield await followed(scratch, rounds);
  yield await started(effort);
}

/** From the SIGKILL of the parent to the end of its child, which a pidfd tells this process. */
async function followed(scratch: string, rounds: number): Promise<Table> {
  const program = buildProgram(builtProject(scratch), 'pact-peer');
  const figures = new Map<string, number[]>();
  const absent = new Map<string, string>();
  for (let round = 0; round < rounds; round += 1) {
    for (const name of Object.keys(pactParents)) {
      if (absent.has(name)) continue;
      try {
        const tookNs = await killedOnce(program, name, scratch);
        if (tookNs === undefined) absent.set(name, `left behind: alive ${LEFT_BEHIND_MS} ms later`);
        else figures.set(name, [...(figures.get(name) ?? []), tookNs]);
      } catch (error) {
        if (!isUnsupportedError(error) && !hasCode(error, 'ENOENT')) throw error;
        absent.set(name, error.message);
      }
    }
  }
  const rows = Object.keys(pactParents).map((name): Row => {
    const why = absent.get(name);
    if (why !== undefined) return absentRow(name, why);
    return rowOf(name, figures.get(name) ?? [], 'ms', { tail: true });
  });
  return {
    suite: 'deathpacts',
    title: 'From SIGKILL of the parent to the end of its child',
    unit: 'ms',
    reference,
    rows,
    goals: rows.filter(({ name, samples }) => samples > 0 && !withoutGoal.includes(name)).flatMap(goalsOf),
  };
}

function goalsOf(row: Row): Goal[] {
  const worst = { wanted: `${row.name}: none above 100 ms`, got: `${row.high.toFixed(1)} ms`, met: row.high <= 100 };
  return [...limitGoal([row], row.name, 10, 'ms'), worst];
}

/** undefined when the child was left behind. */
async function killedOnce(program: string, name: string, scratch: string): Promise<number | undefined> {
  await using parent = await LineProcess.start(process.execPath, [program, 'parent', name, scratch]);
  using child = openPidfd(Number(await parent.expect('child')));
  const waiting = child.waitForExit({ timeoutMs: LEFT_BEHIND_MS });
  const before = parent.kill();
  try {
    await waiting;
    return Number(process.hrtime.bigint() - before);
  } catch (error) {
    if (!hasCode(error, 'ETIMEDOUT')) throw error;
    child.sendSignal('SIGKILL');
    return undefined;
  }
}

/** Start `true`, and wait for its end. */
async function started(effort: Effort): Promise<Table> {
  const run = async (start: () => Promise<ReturnType<typeof spawn>>): Promise<void> => {
    const child = await start();
    if (child.exitCode === null) await once(child, 'exit');
  };
  const ignore = { stdio: 'ignore' } as const;
  // The guardian of these stays as long as it has somebody to guard.
  const warded = await spawnWithDeathpact('sleep', ['300'], { ...ignore, pact: 'process' });
  const contenders = [
    asyncContender('child_process.spawn', () => run(() => Promise.resolve(spawn('true', [], ignore)))),
    asyncContender('setpriv --pdeathsig', () =>
      run(() => Promise.resolve(spawn('setpriv', ['--pdeathsig', 'KILL', 'true'], ignore))),
    ),
    asyncContender('execa', () => execa('true', { ...ignore, cleanup: false })),
    asyncContender('execa, cleanup', () => execa('true', { ...ignore, cleanup: true })),
    asyncContender(reference, () => run(() => spawnWithDeathpact('true', [], ignore))),
    asyncContender('spawnWithDeathpact, process', () =>
      run(() => spawnWithDeathpact('true', [], { ...ignore, pact: 'process' })),
    ),
    asyncContender('spawnWithDeathpact, tree', () =>
      run(() => spawnWithDeathpact('true', [], { ...ignore, tree: true })),
    ),
  ];
  try {
    const measured = await measureInterleaved(contenders, effort);
    const rows = measured.map(({ name, figures }) => rowOf(name, figures, 'ms'));
    return { suite: 'deathpacts', title: 'Start `true`, and wait for its end', unit: 'ms', reference, rows, goals: [] };
  } finally {
    warded.kill('SIGKILL');
  }
}
