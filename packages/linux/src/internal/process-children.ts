import { hasCode } from '@osx/errors';

import { listProcesses } from '../proc/list-processes.ts';
import { kernelUnits } from './auxv.ts';
import { parseProcStat } from './parse-proc-stat.ts';
import type { ProcDirectory } from './proc-directory.ts';
import { readProcFile } from './proc-file.ts';

/** The pids of a process's children, by /proc/PID/task/TID/children or, where the kernel lacks that, by everybody's parent. */
export function processChildren(directory: ProcDirectory): number[] {
  const children = new Set<number>();
  for (const thread of directory.list('task')) {
    const found = childrenOfThread(directory, thread);
    if (found === undefined) return childrenByParent(directory);
    for (const pid of found) children.add(pid);
  }
  return [...children].toSorted((a, b) => a - b);
}

/** undefined: the kernel has no such file. A thread that has ended gave its children to another one. */
function childrenOfThread(directory: ProcDirectory, thread: string): number[] | undefined {
  try {
    const text = directory.read(`task/${thread}/children`).toString('latin1');
    return (text.match(/\d+/g) ?? []).map(Number);
  } catch (error) {
    if (!hasCode(error, ['ENOENT', 'ESRCH']) || directory.isGone()) throw error;
    return directory.list('task').includes(thread) ? undefined : [];
  }
}

function childrenByParent(directory: ProcDirectory): number[] {
  const children: number[] = [];
  for (const pid of listProcesses()) {
    if (parentOf(pid) === directory.pid) children.push(pid);
  }
  // Whoever has the pid by now may be another.
  directory.read('stat');
  return children.toSorted((a, b) => a - b);
}

/** undefined for a process that is gone, or hidden from us. */
function parentOf(pid: number): number | undefined {
  try {
    return parseProcStat(readProcFile(`/proc/${pid}/stat`), kernelUnits()).ppid;
  } catch (error) {
    if (hasCode(error, ['ENOENT', 'ESRCH', 'EPERM', 'EACCES'])) return undefined;
    throw error;
  }
}
