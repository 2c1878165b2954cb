import { readFileSync } from 'node:fs';

/** Field 22 of /proc/PID/stat; undefined when there is no such process, or no procfs. */
export function startTimeOf(pid: number): string | undefined {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  } catch {
    return undefined;
  }
  // The name may hold anything, so count from the last `)`.
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
}
