// A daemon is started, loaded, told to read its configuration, killed at random and ended, and every promise is checked.
// Usage: demo.ts [--kills N] [--program jobd.ts]
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { gracefulShutdown } from '@osx/signals';

import { playKills } from './demo/kills.ts';
import { playLoadAndReload } from './demo/load-and-reload.ts';
import { playShutdown } from './demo/shutdown.ts';
import { playSingleInstance } from './demo/single-instance.ts';
import { Stage } from './demo/stage.ts';
import { playStalePidfile } from './demo/stale-pidfile.ts';
import { Timeline } from './demo/timeline.ts';

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '5' },
    program: { type: 'string', default: fileURLToPath(new URL('jobd.ts', import.meta.url)) },
  },
});
const kills = Number(values.kills);
if (!Number.isSafeInteger(kills) || kills < 1) throw new RangeError(`--kills must be 1 or more, got ${values.kills}`);

const timeline = new Timeline();
const start = performance.now();
await using stage = new Stage(values.program);
// Ctrl-C leaves neither processes nor files.
using _interrupted = gracefulShutdown({ cleanup: () => stage[Symbol.asyncDispose]() });

try {
  await playSingleInstance(stage, timeline);
  await playLoadAndReload(stage, timeline);
  await playKills(stage, timeline, kills);
  await playStalePidfile(stage, timeline);
  await playShutdown(stage, timeline);
} catch {
  // The timeline has told of it.
  process.exitCode = 1;
}

const seconds = ((performance.now() - start) / 1000).toFixed(1);
if (timeline.wrong > 0) {
  console.log(`\nWRONG: ${timeline.wrong} of ${timeline.steps} steps, in ${seconds} s.`);
  process.exitCode = 1;
} else {
  const jobs = stage.acknowledged.size;
  console.log(
    `\n${timeline.steps} steps in ${seconds} s: ${jobs} jobs acknowledged, ${stage.kills} kills, none lost, none recorded twice.`,
  );
}
