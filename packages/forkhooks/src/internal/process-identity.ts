import fs from 'node:fs';

/** A process, said so that no other can be taken for it: a pid is given away again, with another start time. */
export interface ProcessIdentity {
  readonly boot: string;
  readonly pidNamespace: string;
  readonly pid: number;
  /** In ticks since boot, as /proc/PID/stat has it; where that is not to be had, in milliseconds since 1970. */
  readonly startTime: string;
}

/** Fields of /proc/PID/stat. */
export interface ProcessStat {
  readonly pid: number;
  readonly parentPid: number;
  readonly startTime: string;
}

let boot: string | undefined;

/**
 * The process that runs this now. It is asked each time: after a fork(2) that we did not make, everything remembered is
 * that of the parent, `process.pid` too.
 */
export function currentProcess(): ProcessIdentity {
  const stat = process.platform === 'linux' ? readStat('self') : undefined;
  if (stat === undefined) {
    return { boot: '', pidNamespace: '', pid: process.pid, startTime: String(performance.timeOrigin) };
  }
  boot ??= fs.readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();
  const [pidNamespace = ''] = /\d+/.exec(fs.readlinkSync('/proc/self/ns/pid')) ?? [];
  return { boot, pidNamespace, pid: stat.pid, startTime: stat.startTime };
}

/** @returns undefined when there is no such process, or none that may be seen. */
export function readStat(pid: number | 'self'): ProcessStat | undefined {
  let stat: string;
  try {
    stat = fs.readFileSync(`/proc/${pid}/stat`, 'latin1');
  } catch {
    return undefined;
  }
  // The name may hold anything, so count from the last `)`.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return { pid: Number.parseInt(stat, 10), parentPid: Number(fields[1]), startTime: fields[19] ?? '' };
}

export function identityText({ boot: bootId, pidNamespace, pid, startTime }: ProcessIdentity): string {
  return `${bootId}/${pidNamespace}/${pid}/${startTime}`;
}
