import { SystemError } from '@osx/errors';
import { onSignal, raiseDefault } from '@osx/signals';

import { pinPidfileOwner } from '../../pin-pidfile-owner.ts';
import type { Command } from './command.ts';
import { EXIT } from './exit-codes.ts';
import { exitFields } from './exit-fields.ts';
import { printJson, printLine } from './print.ts';
import { settledWithin } from './settled-within.ts';

export const pin: Command = {
  synopsis: 'pin [--json] [--quiet] [--timeout SECONDS] FILE',
  summary: 'print the pid of the process that holds FILE, and wait until that process has ended',
  options: ['json', 'quiet', 'timeout'],
  operands: 'file',
  async run({ file, fileText, json, quiet, timeoutMs }) {
    const deadline = timeoutMs === undefined ? undefined : performance.now() + timeoutMs;
    // Node's own answer to SIGUSR1 is to open a debugger's port.
    const inspector = onSignal('SIGUSR1', raiseDefault);
    try {
      const owner = await pinPidfileOwner(file, { timeoutMs });
      try {
        if (json) printJson({ file: fileText, ...owner.record, pid: owner.pid });
        else if (!quiet) printLine(String(owner.pid));
        const left = deadline === undefined ? undefined : Math.max(0, deadline - performance.now());
        const end = await settledWithin(owner.exited, left);
        if (end === 'late') {
          const message = `process ${owner.pid} has not ended in time`;
          throw new SystemError({ code: 'ETIMEDOUT', syscall: 'poll', path: file, message });
        }
        if (json) printJson({ file: fileText, pid: owner.pid, ended: true, ...exitFields(end.value) });
      } finally {
        owner.close();
      }
    } finally {
      inspector[Symbol.dispose]();
    }
    return EXIT.done;
  },
};
