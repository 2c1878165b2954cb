import { readPidfile } from '@osx/pidfiles';

import type { Stage } from './stage.ts';
import type { Timeline } from './timeline.ts';

/** One daemon runs, and a second start is told which. */
export async function playSingleInstance(stage: Stage, timeline: Timeline): Promise<void> {
  timeline.chapter('One daemon');

  await timeline.step('jobd starts, and writes its pidfile', async (check) => {
    await stage.configure({ label: 'calm', paceMs: 5 });
    const { pid } = await stage.start();
    const record = readPidfile(stage.pidfilePath);
    check(record?.pid === pid, `the pidfile says ${record?.pid ?? 'nothing'}`);
    return `jobd starts; its pidfile says ${pid}`;
  });

  await timeline.step('a second start is refused, and told who runs', async (check) => {
    const { pid } = stage.jobd;
    const second = stage.startAnother();
    await Promise.race([second.ended, second.said('ready')]);
    check(second.hasEnded, 'two run at once');
    await second.kill();
    const { code } = await second.ended;
    check(code === 3, `it ended with ${code}, and not with exit code 3`);
    check(second.complaint.includes(String(pid)), `it does not name ${pid}: ${second.complaint}`);
    check(readPidfile(stage.pidfilePath)?.pid === pid, 'it changed the pidfile of the first');
    check(!stage.jobd.hasEnded, 'the first is gone');
    return `a second start is refused with exit code ${code}, and told of ${pid}`;
  });
}
