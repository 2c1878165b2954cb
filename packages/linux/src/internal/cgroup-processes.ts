import type { CgroupDirectory } from './cgroup-directory.ts';
import { parseList } from './cgroup-formats.ts';

/** The ids in cgroup.procs or cgroup.threads, each once; 0 stands for what another pid namespace has. */
export function readIds(directory: CgroupDirectory, key: 'cgroup.procs' | 'cgroup.threads'): number[] {
  // The kernel may tell an id twice while processes move.
  return [...new Set(parseList(directory.read(key)).map(Number))].toSorted((a, b) => a - b);
}
