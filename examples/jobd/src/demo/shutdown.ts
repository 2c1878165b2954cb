import { existsSync, readdirSync } from 'node:fs';

import { pinPidfileOwner } from '@osx/pidfiles';

import { JobClient } from '../client.ts';
import type { End } from './jobd-process.ts';
import { jobOf, numbered, sendJobs } from './send-jobs.ts';
import type { Stage } from './stage.ts';
import type { Check, Timeline } from './timeline.ts';

const JOBS = 20;

/** SIGTERM, SIGTERM for the impatient, and an end that leaves nothing. */
export async function playShutdown(stage: Stage, timeline: Timeline): Promise<void> {
  timeline.chapter('The end');

  await timeline.step('SIGTERM finishes the running job, keeps the others, and ends by SIGTERM', async (check) => {
    await stage.reconfigure({ label: 'slow', paceMs: 700 });
    await sendJobs(stage, numbered('drain', JOBS));
    await stage.jobd.until(() => stage.jobd.ran.some((id) => id.startsWith('drain-')), 'to run a slow job');
    using owner = await pinPidfileOwner(stage.pidfilePath);
    owner.kill('SIGTERM');
    await stage.jobd.said('stopping SIGTERM');
    check(await isRefused(stage, 'too-late'), 'a job was taken during the shutdown');
    await owner.exited;
    checkEnd(check, await stage.jobd.ended);
    check(!existsSync(stage.pidfilePath), 'the pidfile is still there');
    check.all(await stage.faults());
    const { ran, ranBeforeStopping } = stage.jobd;
    const { queue, done } = await stage.state();
    check(ran.length === ranBeforeStopping, `${ran.length - ranBeforeStopping} jobs were begun after SIGTERM`);
    check(done.at(-1)?.id === ran.at(-1), `${ran.at(-1)} was running, and is not recorded`);
    check(queue.length > 0, 'no job was waiting, so nothing was shown');
    return `SIGTERM: no more jobs, the running one recorded, ${queue.length} wait; ended by SIGTERM, pidfile gone`;
  });

  await timeline.step('a second SIGTERM ends at once', async (check) => {
    await stage.configure({ label: 'slower', paceMs: 60_000 });
    await stage.start();
    await stage.jobd.until(() => stage.jobd.ran.length > 0, 'to run the next job');
    await stage.signal('SIGTERM');
    await stage.jobd.said('stopping SIGTERM');
    const start = performance.now();
    await stage.signal('SIGTERM');
    checkEnd(check, await stage.jobd.ended);
    check(performance.now() - start < 9_000, 'it ended at its deadline, and not at the second signal');
    check.all(await stage.faults());
    return 'SIGTERM during a job of a minute, and another one: ended at once by SIGTERM, the job not lost';
  });

  await timeline.step('nothing is left behind', async (check) => {
    await stage.configure({ label: 'brisk', paceMs: 0 });
    await stage.start();
    await stage.allDone();
    await stage.signal('SIGTERM');
    checkEnd(check, await stage.jobd.ended);
    check.all(await stage.faults());
    const left = readdirSync(stage.directory).sort();
    check(left.join(' ') === 'jobd.json state.json', `there is left: ${left.join(' ')}`);
    return `started again, the rest done, SIGTERM: there is left ${left.join(' and ')}`;
  });
}

function checkEnd(check: Check, { code, signal }: End): void {
  check(code === null && signal === 'SIGTERM', `its parent sees code ${code} and signal ${signal}`);
}

async function isRefused(stage: Stage, id: string): Promise<boolean> {
  try {
    using client = await JobClient.connect(stage.socketPath);
    await client.submit(jobOf(id));
    return false;
  } catch {
    return true;
  }
}
