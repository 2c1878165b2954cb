import { openPidfd, type Pidfd } from '@osx/linux/pidfd';

import { numbered, sendJobs } from './send-jobs.ts';
import type { Stage } from './stage.ts';
import type { Timeline } from './timeline.ts';

const WORKERS = 3;
const JOBS = 40;
const LONGEST_MS = 5_000;

/** The daemon is killed while a worker is busy: the workers end with it, and the jobs do not. */
export async function playWorkers(stage: Stage, timeline: Timeline): Promise<void> {
  timeline.chapter('Workers under a pact');

  await timeline.step('no worker outlives the daemon', async (check) => {
    await stage.killNow();
    await stage.configure({ label: 'crew', paceMs: 60_000, workers: WORKERS });
    await stage.start();
    await sendJobs(stage, numbered('crew', JOBS));
    // One is at a job of a minute, in which it hears and sees nothing.
    await stage.jobd.until(() => stage.jobd.ran.length > 0, 'to run a job');
    const workers = stage.jobd.workers.map((pid) => openPidfd(pid));
    try {
      check(workers.length === WORKERS, `${workers.length} workers were started`);
      const killed = performance.now();
      const ends = Promise.all(workers.map(async (worker) => await endOf(worker, killed)));
      await stage.killNow();
      const times = await ends;
      for (const [index, { pid }] of workers.entries()) {
        check(times[index] !== undefined, `worker ${pid} outlived the daemon`);
      }
      return `killed, one of ${WORKERS} workers busy; they ended after ${times.map((time) => time?.toFixed(1)).join(', ')} ms`;
    } finally {
      for (const worker of workers) end(worker);
    }
  });

  await timeline.step('what was acknowledged is done, and nothing twice', async (check) => {
    await stage.configure({ label: 'crew', paceMs: 0, workers: WORKERS });
    await stage.start();
    const waiting = (await stage.state()).queue.length;
    await stage.allDone();
    check.all(await stage.faults());
    check((await stage.state()).queue.length === 0, 'jobs are still queued');
    return `started again, with other workers: the ${waiting} jobs that waited are done, none lost, none twice`;
  });

  await stage.configure({ label: 'brisk', paceMs: 0 });
}

/** How long it lived on, in milliseconds; undefined: too long. */
async function endOf(worker: Pidfd, killed: number): Promise<number | undefined> {
  try {
    await worker.waitForExit({ timeoutMs: LONGEST_MS });
    return performance.now() - killed;
  } catch {
    return undefined;
  }
}

function end(worker: Pidfd): void {
  if (worker.isAlive()) worker.sendSignal('SIGKILL');
  worker.close();
}
