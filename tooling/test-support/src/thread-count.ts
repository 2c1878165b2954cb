import { readdirSync } from 'node:fs';

/**
 * Counts the threads of a process, this one unless told otherwise.
 *
 * Platform: Linux.
 */
export function threadCount(pid: number | 'self' = 'self'): number {
  return readdirSync(`/proc/${pid}/task`).length;
}
