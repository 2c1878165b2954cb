import { readdirSync, readFileSync } from 'node:fs';

/** Processes whose environment or command line has the marker, zombies left out. */
export function processesWith(marker: string): number[] {
  return pids().filter((pid) => pid !== process.pid && isMarked(pid, marker) && !isZombie(pid));
}

/** The guardians of a process, dead or alive. */
export function guardiansOf(parentPid: number): number[] {
  return pids().filter((pid) => {
    const line = read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ');
    return line.includes('guardian') && new RegExp(` ${parentPid} *$`).test(line);
  });
}

/** Ends what is left of a round, by the pids that carry its own marker and still do. */
export function killMarked(marker: string): void {
  for (const pid of processesWith(marker)) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }
}

function pids(): number[] {
  return readdirSync('/proc').map(Number).filter(Number.isInteger);
}

function isMarked(pid: number, marker: string): boolean {
  return read(`/proc/${pid}/environ`).includes(marker) || read(`/proc/${pid}/cmdline`).includes(marker);
}

export function isZombie(pid: number): boolean {
  const stat = read(`/proc/${pid}/stat`);
  return stat.slice(stat.lastIndexOf(')') + 2).startsWith('Z');
}

function read(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}
