import { readFileSync, readlinkSync } from 'node:fs';

import { isSystemError } from '@osx/errors';

import type { RecordedIdentity } from '../pidfile-record.ts';
import { findBackend } from '../select-backend.ts';

/** What this system tells of a process besides its pid; what it does not tell is absent. */
export interface ProcessFacts {
  readonly startTime?: string | undefined;
  readonly bootId?: string | undefined;
  readonly pidNamespace?: string | undefined;
  readonly identity?: RecordedIdentity | undefined;
}

let surroundings: ProcessFacts | undefined;
let own: ProcessFacts | undefined;

/** Boot and pid namespace of this process, neither of which changes while it lives. */
export function ownSurroundings(): ProcessFacts {
  surroundings ??= {
    bootId: attempt(() => readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim()),
    pidNamespace: attempt(() => /\[(\d+)\]/.exec(readlinkSync('/proc/self/ns/pid'))?.[1]),
  };
  return surroundings;
}

/** This process. `execve` changes none of it. */
export function ownFacts(): ProcessFacts {
  own ??= { startTime: startTimeOf(process.pid), ...ownSurroundings(), identity: ownIdentity() };
  return own;
}

/** Field 22 of /proc/PID/stat; undefined when there is no such process, or no procfs. */
export function startTimeOf(pid: number): string | undefined {
  // The name may hold anything, so count from the last `)`.
  const stat = attempt(() => readFileSync(`/proc/${pid}/stat`, 'latin1'));
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
}

function ownIdentity(): RecordedIdentity | undefined {
  const pidfd = orUndefined(() => findBackend()?.openPidfd(process.pid));
  try {
    return orUndefined(() => pidfd?.identity());
  } finally {
    pidfd?.close();
  }
}

/** A kernel or sandbox without pidfds, or no descriptor left: the record says less, and is still true. */
function orUndefined<T>(ask: () => T): T | undefined {
  try {
    return ask();
  } catch (error) {
    if (isSystemError(error)) return undefined;
    throw error;
  }
}

function attempt<T>(read: () => T): T | undefined {
  if (process.platform !== 'linux') return undefined;
  try {
    return read();
  } catch {
    return undefined;
  }
}
