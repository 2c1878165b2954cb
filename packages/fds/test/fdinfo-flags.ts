import { readFileSync } from 'node:fs';

/** Status flags and O_CLOEXEC of a descriptor as /proc shows them: what our own calls are compared with. */
export function fdinfoFlags(fd: number): number {
  const text = readFileSync(`/proc/self/fdinfo/${fd}`, 'utf8');
  return Number.parseInt(/^flags:\s*([0-7]+)$/m.exec(text)?.[1] as string, 8);
}

/** O_CLOEXEC as /proc shows it. */
export const CLOEXEC = 0o2000000;
/** O_NONBLOCK as /proc shows it. */
export const NONBLOCK = 0o4000;
