import { checked, linuxConstants } from '@osx/native-ffi';

import { emptySignalSet, isInSignalSet, packSignalSet } from './signal-bits.ts';
import { pthreadSigmask } from './signalfd-calls.ts';

interface Block {
  holders: number;
  readonly wasBlocked: boolean;
}

/** What this thread blocks for somebody: modules are one per thread, as masks are. */
const blocks = new Map<number, Block>();

/** Blocks signals in the calling thread until each holder has released them. */
export function blockSignals(numbers: readonly number[]): void {
  const former = changeMask(linuxConstants().SIG_BLOCK, numbers);
  for (const number of numbers) {
    const block = blocks.get(number);
    if (block === undefined) blocks.set(number, { holders: 1, wasBlocked: isInSignalSet(former, number) });
    else block.holders += 1;
  }
}

/**
 * Ends one hold on each signal. Those that nobody holds any more and that were not blocked when the first came are
 * unblocked.
 *
 * @param beforeUnblock Is told which, while they are still blocked.
 */
export function releaseSignals(numbers: readonly number[], beforeUnblock: (numbers: number[]) => void): void {
  const unblock: number[] = [];
  for (const number of numbers) {
    const block = blocks.get(number);
    if (block === undefined) continue;
    block.holders -= 1;
    if (block.holders > 0) continue;
    blocks.delete(number);
    if (!block.wasBlocked) unblock.push(number);
  }
  if (unblock.length === 0) return;
  beforeUnblock(unblock);
  changeMask(linuxConstants().SIG_UNBLOCK, unblock);
}

function changeMask(how: number, numbers: readonly number[]): Buffer {
  const former = emptySignalSet();
  checked(-pthreadSigmask(how, packSignalSet(numbers), former), 'pthread_sigmask');
  return former;
}
