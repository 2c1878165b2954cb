import { pinPidfileOwner } from '../../pin-pidfile-owner.ts';
import type { Command } from './command.ts';
import { EXIT } from './exit-codes.ts';
import { printJson, printLine } from './print.ts';

export const read: Command = {
  synopsis: 'read [--json] [--quiet] [--timeout SECONDS] FILE',
  summary: 'print the pid of the process that holds FILE, as the kernel knows it',
  options: ['json', 'quiet', 'timeout'],
  operands: 'file',
  async run({ file, fileText, json, quiet, timeoutMs }) {
    const owner = await pinPidfileOwner(file, { timeoutMs });
    try {
      if (json) printJson({ file: fileText, ...owner.record, pid: owner.pid });
      else if (!quiet) printLine(String(owner.pid));
    } finally {
      owner.close();
    }
    return EXIT.done;
  },
};
