import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

import { hasCode } from '@osx/errors';

import { signalBit } from './signal-bits.ts';

/** A thread that would take signals away. */
export interface UnblockedThread {
  readonly tid: number;
  readonly name: string;
  /** Those that it does not block. */
  readonly signals: readonly number[];
}

/** The number by which the kernel knows the calling thread (gettid). */
export function currentThreadId(): number {
  return Number(readlinkSync('/proc/thread-self').split('/').at(-1));
}

/**
 * The other threads of this process that do not block one of the signals. Those that start later are like the thread that
 * starts them: where all block, all will.
 */
export function unblockedThreads(numbers: readonly number[]): UnblockedThread[] {
  const self = currentThreadId();
  return readdirSync('/proc/self/task').flatMap((entry) => {
    const tid = Number(entry);
    const status = tid === self ? undefined : readStatus(tid);
    if (status === undefined) return [];
    const blocked = BigInt(`0x${/^SigBlk:\s*([0-9a-f]+)$/m.exec(status)?.[1] ?? '0'}`);
    const signals = numbers.filter((number) => (blocked & signalBit(number)) === 0n);
    if (signals.length === 0) return [];
    return [{ tid, name: /^Name:\s*(.*)$/m.exec(status)?.[1] ?? '', signals }];
  });
}

/** undefined when the thread has ended. */
function readStatus(tid: number): string | undefined {
  try {
    return readFileSync(`/proc/self/task/${tid}/status`, 'latin1');
  } catch (error) {
    if (hasCode(error, ['ENOENT', 'ESRCH'])) return undefined;
    throw error;
  }
}
