// A daemon is started, loaded, told to read its configuration, killed at random and ended, and every promise is checked.
// Usage: demo.ts [--kills N]
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { gracefulShutdown } from '@osx/signals';

import { openDemoJournal } from './demo/demo-journal.ts';
import { playKills } from './demo/kills.ts';
import { playLoadAndReload } from './demo/load-and-reload.ts';
import { playReadBack } from './demo/read-back.ts';
import { playShutdown } from './demo/shutdown.ts';
import { playSingleInstance } from './demo/single-instance.ts';
import { Stage } from './demo/stage.ts';
import { playStalePidfile } from './demo/stale-pidfile.ts';
import { BrokenPromise, Timeline } from './demo/timeline.ts';
import { playWorkers } from './demo/workers.ts';

const { values } = parseArgs({ options: { kills: { type: 'string', default: '5' } } });
const kills = Number(values.kills);
if (!Number.isSafeInteger(kills) || kills < 1) throw new RangeError(`--kills must be 1 or more, got ${values.kills}`);

if (process.platform !== 'linux') throw new Error('the demo pins the daemon by a pidfd, and that needs Linux');

const timeline = new Timeline();
const begun = new Date();
const start = performance.now();
await using resources = new AsyncDisposableStack();
// Ctrl-C leaves neither processes nor files.
using _interrupted = gracefulShutdown({ cleanup: () => resources.disposeAsync() });
const journal = await openDemoJournal();
const journalPath = typeof journal === 'string' ? undefined : resources.use(journal).socketPath;
const stage = resources.use(new Stage(fileURLToPath(new URL('jobd.ts', import.meta.url)), journalPath));

try {
  await playSingleInstance(stage, timeline);
  await playLoadAndReload(stage, timeline);
  await playKills(stage, timeline, kills);
  await playWorkers(stage, timeline);
  await playStalePidfile(stage, timeline);
  await playShutdown(stage, timeline);
  await playReadBack(stage, timeline, journal, begun);
  const { size } = stage.acknowledged;
  console.log(
    `\n${timeline.steps} steps in ${seconds()} s: ${size} jobs acknowledged, ${stage.kills} kills, none lost, none recorded twice.`,
  );
} catch (error) {
  if (!(error instanceof BrokenPromise)) throw error;
  console.log(`\nWRONG, in step ${timeline.steps}, after ${seconds()} s. This was not so: ${error.message}.`);
  process.exitCode = 1;
}

function seconds(): string {
  return ((performance.now() - start) / 1000).toFixed(1);
}
