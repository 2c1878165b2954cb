import { setTimeout as sleep } from 'node:timers/promises';

import { sendJobs, numbered } from './send-jobs.ts';
import type { Stage } from './stage.ts';
import type { Timeline } from './timeline.ts';

const MOST_JOBS = 80;
const SENT_TWICE = 5;

/** `kill -9` at a random moment while jobs come in and are worked, and what the next daemon finds. */
export async function playKills(stage: Stage, timeline: Timeline, kills: number): Promise<void> {
  timeline.chapter('kill -9 under load, and another start');

  for (let round = 1; round <= kills; round++) {
    await timeline.step('a kill loses nothing that was acknowledged', async (check) => {
      const acknowledgedBefore = stage.acknowledged.size;
      const sending = sendJobs(stage, numbered(`kill${round}`));
      const enough = acknowledgedBefore + Math.ceil(Math.random() * MOST_JOBS);
      await stage.jobd.until(() => stage.acknowledged.size >= enough, 'to acknowledge jobs');
      await sleep(Math.random() * 5);
      await stage.killNow();
      const { unanswered, faults } = await sending;
      check.all(faults);
      check.all(await stage.faults());
      const acknowledged = stage.acknowledged.size - acknowledgedBefore;

      const queued = (await stage.state()).queue.length;
      await stage.start();
      // Under the same ids: whether the killed daemon had kept them does not matter, and those that it had do no harm.
      const again = await sendJobs(stage, [...unanswered, ...[...stage.acknowledged].slice(-SENT_TWICE)], 1);
      check(again.unanswered.length === 0, 'the next daemon does not answer');
      check.all(again.faults);
      check.all(await stage.faults());
      return `killed after ${acknowledged} acknowledgements: none lost; the next finds ${queued} queued; ${unanswered.length} unanswered are sent again`;
    });
  }

  await timeline.step('every job is done, and recorded once', async (check) => {
    await stage.allDone();
    check.all(await stage.faults());
    const { queue, done } = await stage.state();
    check(queue.length === 0, `${queue.length} jobs are still queued`);
    check(stage.runAgain <= stage.kills, `${stage.runAgain} jobs were run again after ${stage.kills} kills`);
    return `all ${done.length} are done and recorded once; ${stage.runAgain} of ${stage.kills} kills hit a job, which was run again`;
  });
}
