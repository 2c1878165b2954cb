import { sendJobs, numbered } from './send-jobs.ts';
import type { Stage } from './stage.ts';
import type { Timeline } from './timeline.ts';

const JOBS = 200;
const CLIENTS = 8;

/** Many clients at once, and a new configuration while their jobs are worked. */
export async function playLoadAndReload(stage: Stage, timeline: Timeline): Promise<void> {
  timeline.chapter('Jobs, and a new configuration in the middle of them');

  await timeline.step('what is acknowledged is in the file', async (check) => {
    const { unanswered, faults } = await sendJobs(stage, numbered('load', JOBS), CLIENTS);
    check(unanswered.length === 0, `${unanswered.length} jobs got no answer`);
    check.all(faults);
    return `${JOBS} jobs of ${CLIENTS} clients are acknowledged, each found in the file at that moment`;
  });

  await timeline.step('SIGHUP reads the configuration again', async (check) => {
    await stage.reconfigure({ label: 'brisk', paceMs: 0 });
    const waiting = JOBS - stage.jobd.recorded.size;
    check(waiting > 0, 'no job was waiting, so nothing was shown');
    return `SIGHUP: the new configuration is read, while ${waiting} jobs wait`;
  });

  await timeline.step('every job is done once, and none is lost over a SIGHUP', async (check) => {
    await stage.allDone();
    check.all(await stage.faults());
    const { done } = await stage.state();
    const calm = done.filter(({ label }) => label === 'calm').length;
    const brisk = done.filter(({ label }) => label === 'brisk').length;
    check(calm > 0 && brisk > 0 && calm + brisk === JOBS, `${done.length} results are recorded for ${JOBS} jobs`);
    return `all are done, once: ${calm} by the old configuration and ${brisk} by the new`;
  });
}
