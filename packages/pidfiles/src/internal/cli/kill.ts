import { SystemError } from '@osx/errors';
import { parseSignal } from '@osx/signals';

import { pinPidfileOwner } from '../../pin-pidfile-owner.ts';
import type { Command } from './command.ts';
import { EXIT } from './exit-codes.ts';
import { settledWithin } from './settled-within.ts';
import { UsageError } from './usage-error.ts';

export const kill: Command = {
  synopsis: 'kill [SIGNAL | -s SIGNAL | -SIGNAL] [--wait] [--timeout SECONDS] FILE',
  summary: 'send SIGNAL (default TERM) to the process that holds FILE, and to no other',
  options: ['signal', 'wait', 'timeout'],
  operands: 'signal-file',
  async run({ file, signal = 'TERM', wait, timeoutMs }) {
    const number = signalOf(signal);
    const deadline = timeoutMs === undefined ? undefined : performance.now() + timeoutMs;
    const owner = await pinPidfileOwner(file, { timeoutMs });
    try {
      owner.kill(number);
      if (!wait) return EXIT.done;
      const left = deadline === undefined ? undefined : Math.max(0, deadline - performance.now());
      if ((await settledWithin(owner.exited, left)) !== 'late') return EXIT.done;
      const message = `process ${owner.pid} got the signal and has not ended in time`;
      throw new SystemError({ code: 'ETIMEDOUT', syscall: 'poll', path: file, message });
    } finally {
      owner.close();
    }
  },
};

function signalOf(text: string): number {
  try {
    return parseSignal(text);
  } catch (error) {
    throw new UsageError(`'${text}' is no signal of this system`, { cause: error });
  }
}
