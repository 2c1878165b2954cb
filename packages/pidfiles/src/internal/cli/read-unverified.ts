import { readPidfile } from '../../read-pidfile.ts';
import type { Command } from './command.ts';
import { EXIT } from './exit-codes.ts';
import { complain, printable, printJson, printLine } from './print.ts';

export const readUnverified: Command = {
  synopsis: 'read-unverified [--json] [--quiet] FILE',
  summary: 'print the pid that FILE names, whoever has it now',
  options: ['json', 'quiet'],
  operands: 'file',
  run({ file, fileText, json, quiet }) {
    const record = readPidfile(file);
    if (record === null) {
      complain(`'${printable(fileText)}' names nobody: there is no such file, or it is empty`);
      return EXIT.nobody;
    }
    if (json) printJson({ file: fileText, ...record });
    else if (!quiet) printLine(String(record.pid));
    return EXIT.done;
  },
};
