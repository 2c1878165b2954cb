import { readFileSync } from 'node:fs';

/** What /proc says of a process. */
export interface ProcessFacts {
  readonly ppid: number;
}

/** undefined for a process that is gone. */
export function readFacts(pid: number): ProcessFacts | undefined {
  // The name may hold anything, so count from the last `)`.
  const stat = attempt(() => readFileSync(`/proc/${pid}/stat`, 'latin1'));
  const ppid = stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[1];
  return ppid === undefined ? undefined : { ppid: Number(ppid) };
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
