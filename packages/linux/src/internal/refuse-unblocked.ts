import { UnsupportedError } from '@osx/errors';

import { signalfdName } from './signalfd-signals.ts';
import { unblockedThreads } from './unblocked-threads.ts';
import type { UnblockedThread } from './unblocked-threads.ts';

const MAX_NAMED_THREADS = 8;

/**
 * Throws unless every other thread blocks the signals: the kernel gives what is sent to the process to any thread that does
 * not block it, and one that nobody handles ends the process.
 */
export function refuseUnblocked(numbers: readonly number[]): void {
  const threads = unblockedThreads(numbers);
  if (threads.length === 0) return;
  const signals = numbers.filter((number) => threads.some((thread) => thread.signals.includes(number)));
  const named = threads.slice(0, MAX_NAMED_THREADS).map(describe);
  if (threads.length > named.length) named.push(`${threads.length - named.length} more`);
  throw new UnsupportedError({
    code: 'ERR_OSX_SIGNAL_NOT_BLOCKED',
    syscall: 'signalfd',
    feature: `receiving ${signals.map(signalfdName).join(', ')} in this process`,
    requires:
      `every thread to block it, or another takes the signal and the process ends: ${named.join(', ')} ` +
      `do${threads.length === 1 ? 'es' : ''} not; use onSignal of @osx/signals, or threadDirected for what is sent to this thread alone`,
  });
}

function describe({ tid, name, signals }: UnblockedThread): string {
  return `thread ${tid} (${name}: ${signals.map(signalfdName).join(', ')})`;
}
