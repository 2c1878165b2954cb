import fs from 'node:fs';

/**
 * Who made a temporary, said so that another process can prove that it is gone: boot, pid namespace, time
 * namespace (start times are shifted by it), pid, and start time in ticks since boot.
 */
export interface ProcessIdentity {
  readonly boot: string;
  readonly pidNamespace: string;
  readonly timeNamespace: string;
  readonly pid: number;
  readonly startTime: string;
}

/** Stands for what this system does not tell; such an identity proves nothing. */
export const UNKNOWN = 'x';

let own: ProcessIdentity | undefined;

/** This process. Read once: none of it changes while the process lives. */
export function ownIdentity(): ProcessIdentity {
  own ??= {
    boot: attempt(() => fs.readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').replaceAll('-', '').slice(0, 12)),
    pidNamespace: namespace('pid'),
    timeNamespace: namespace('time'),
    pid: process.pid,
    startTime: attempt(() => base36(parseProcessStat(fs.readFileSync('/proc/self/stat', 'latin1')).startTime)),
  };
  return own;
}

function namespace(kind: 'pid' | 'time'): string {
  return attempt(() => base36(/\[(\d+)\]/.exec(fs.readlinkSync(`/proc/self/ns/${kind}`))?.[1] ?? UNKNOWN));
}

function base36(number: string): string {
  return Number(number).toString(36);
}

function attempt(read: () => string): string {
  if (process.platform !== 'linux') return UNKNOWN;
  try {
    return read();
  } catch {
    return UNKNOWN;
  }
}

/** Fields of /proc/PID/stat. The name may hold anything, so count from the last `)`. */
export function parseProcessStat(stat: string): { state: string; threads: number; startTime: string } {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return { state: fields[0] ?? '', threads: Number(fields[17]), startTime: fields[19] ?? '' };
}
