import { closeSync, fsyncSync, mkdirSync, openSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { FixtureFile, FixtureOptions } from './internal/fixture-command.ts';
import { eventually } from './eventually.ts';
import { startPowerSwitch } from './internal/power-switch.ts';
import type { ImageMount } from './mount-image.ts';
import { spawnFixture } from './spawn-fixture.ts';

/** What a power cut left. */
export interface PowerCutRound {
  /** The writer's directory after the restart. */
  readonly directory: string;
  /** What the writer had claimed to be safe before the cut, in order. */
  readonly acknowledged: readonly string[];
}

const sideProcess = new URL('./internal/sync-another-file.ts', import.meta.url);

/**
 * Cuts the power under a writer, and returns what it had acknowledged and the directory as it is after the restart.
 *
 * The writer is started as `node FILE DIRECTORY ...args`, prints `ready`, and then `TEXT @NANOSECONDS` for every write
 * that it believes to be safe, with `process.hrtime.bigint()`, until it dies. What it says from the cut on does not count: a
 * machine without power says nothing, but here the writer lives on for a moment, and fsync of a directory on an XFS that
 * was shut down succeeds (Linux 6.18). A second process syncs another file of the same file system meanwhile: without it
 * the kernel writes nothing back before the cut, neither names nor data, and no torn file is ever seen.
 *
 * Gotcha: the writer acknowledges with `fs.writeSync(1, line)`; `console.log` queues lines in the process when nobody
 * reads, and they die with it. A writer that pauses for a millisecond or two after each line leaves its last write
 * alone for long enough that a missing sync is found at nearly every cut.
 *
 * Platform: Linux, `needs('loop-mount', 'python3')`, and `'xfsprogs'` for xfs.
 *
 * @param disk Of `mountImage`; may be used for many rounds, each starts with an empty directory.
 * @param options `afterLines`: the cut comes at a random moment within `jitterMs` (default 50) after that many
 * acknowledgements (default 10); `sideIntervalMs`: pause between two syncs of the second process (default 30).
 */
export async function powerCutRound(
  disk: ImageMount,
  writer: FixtureFile,
  args: readonly string[] = [],
  options: FixtureOptions & { afterLines?: number; jitterMs?: number; sideIntervalMs?: number } = {},
): Promise<PowerCutRound> {
  const { afterLines = 10, jitterMs = 50, sideIntervalMs = 30 } = options;
  const directory = join(disk.path, 'round');
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory);
  syncDirectory(disk.path);
  const lines: string[] = [];
  let cutAt: bigint;
  {
    await using power = await startPowerSwitch(disk.path);
    await using side = await spawnFixture(sideProcess, [join(disk.path, 'another-file'), String(sideIntervalMs)]);
    await using program = await spawnFixture(writer, [directory, ...args], options);
    const ended = program.exited.then((end) => {
      throw new Error(`the writer ended by itself: ${JSON.stringify(end)}\n${program.stderr}`);
    });
    ended.catch(() => {});
    const enough = eventually(() => lines.push(...program.takeLines()) >= afterLines, {
      timeoutMs: 30_000,
      intervalMs: 2,
    });
    await Promise.race([enough, ended]);
    await Promise.race([delay(Math.random() * jitterMs), ended]);
    cutAt = await power.cut();
    program.kill('SIGKILL');
    side.kill('SIGKILL');
    await Promise.all([program.exited, side.exited]);
    lines.push(...program.takeLines());
  }
  disk.remount();
  return { directory, acknowledged: lines.flatMap((line) => saidBefore(cutAt, line)) };
}

function saidBefore(cutAt: bigint, line: string): string[] {
  const [, text, moment] = /^(.*) @(\d+)$/.exec(line) ?? [];
  if (text === undefined || moment === undefined)
    throw new Error(`the writer said ${JSON.stringify(line)}, without its time`);
  return BigInt(moment) < cutAt ? [text] : [];
}

function syncDirectory(path: string): void {
  const fd = openSync(path, 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
