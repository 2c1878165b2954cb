import { readFileSync } from 'node:fs';

/** What /proc says of a process. */
export interface ProcessFacts {
  readonly ppid: number;
  /** In clock ticks since the boot, as field 22 of /proc/PID/stat has it. */
  readonly startTime: string;
}

/** undefined for a process that is gone, and without procfs. */
export function readFacts(pid: number): ProcessFacts | undefined {
  // The name may hold anything, so count from the last `)`.
  const stat = attempt(() => readFileSync(`/proc/${pid}/stat`, 'latin1'));
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ppid = fields?.[1];
  const startTime = fields?.[19];
  return ppid === undefined || startTime === undefined ? undefined : { ppid: Number(ppid), startTime };
}

/** The environment with which the program began; undefined for a process that is gone, or not ours to look into. */
export function readEnviron(pid: number): Buffer | undefined {
  return attempt(() => readFileSync(`/proc/${pid}/environ`));
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
