import { readFileSync, writeFileSync } from 'node:fs';

import { pinPidfileOwner, readPidfile } from '@osx/pidfiles';

import type { Stage } from './stage.ts';
import type { Check, Timeline } from './timeline.ts';

/** What a killed daemon leaves behind is taken for what it is, also when its number has become somebody else's. */
export async function playStalePidfile(stage: Stage, timeline: Timeline): Promise<void> {
  timeline.chapter('The pidfile of a dead daemon');

  await timeline.step('the pidfile of a dead daemon means nobody', async (check) => {
    const { pid } = stage.jobd;
    await stage.killNow();
    check(readPidfile(stage.pidfilePath)?.pid === pid, 'the pidfile does not say what the killed daemon wrote');
    const code = await pinFails(stage, check);
    return `killed; its pidfile still says ${pid}, and pinPidfileOwner says ${code}: nobody holds it`;
  });

  await timeline.step('a stranger that has the number of the dead is left alone', async (check) => {
    const stranger = await stage.startStranger();
    const [, ...rest] = readFileSync(stage.pidfilePath, 'utf8').split('\n');
    writeFileSync(stage.pidfilePath, [stranger.pid, ...rest].join('\n'));
    const code = await pinFails(stage, check);
    check(stranger.exitCode === null && stranger.signalCode === null, 'the stranger is gone');
    return `its number is a stranger's now, ${stranger.pid}: ${code} again, and nobody was signalled`;
  });

  await timeline.step("a stale pidfile is in nobody's way", async (check) => {
    const { pid } = await stage.start();
    using owner = await pinPidfileOwner(stage.pidfilePath);
    check(owner.pid === pid, `pinPidfileOwner found ${owner.pid}`);
    check.all(await stage.faults());
    return `the next start just works; pinPidfileOwner finds ${pid}`;
  });
}

async function pinFails(stage: Stage, check: Check): Promise<string> {
  try {
    using owner = await pinPidfileOwner(stage.pidfilePath);
    check(false, `pinPidfileOwner found ${owner.pid}`);
    return 'nothing';
  } catch (error) {
    const { code = 'no code', message } = error as NodeJS.ErrnoException;
    check(code === 'ESRCH', message);
    return code;
  }
}
