import { readFileSync } from 'node:fs';

import { startTimeOf } from '../process-facts.ts';

/** Every architecture that Node runs on shows user space this many ticks a second. */
const TICKS_PER_SECOND = 100;

/** When a process started, `2026-01-31T12:00:00Z`, to the second as ps(1) says; undefined where it is not known. */
export function startedAt(pid: number): string | undefined {
  const ticks = startTimeOf(pid);
  if (ticks === undefined) return undefined;
  const bootSeconds = /^btime (\d+)$/m.exec(readFileSync('/proc/stat', 'latin1'))?.[1];
  if (bootSeconds === undefined) return undefined;
  const seconds = Number(bootSeconds) + Math.floor(Number(ticks) / TICKS_PER_SECOND);
  return new Date(seconds * 1000).toISOString().replace('.000', '');
}
