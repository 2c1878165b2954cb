import { strerror } from '@osx/errors';

import { acquirePidfile } from '../../acquire-pidfile.ts';
import type { Command } from './command.ts';
import { executeProgram } from './execute-program.ts';
import { EXIT } from './exit-codes.ts';
import { complain } from './print.ts';

export const exec: Command = {
  synopsis: 'exec [--timeout SECONDS] FILE [--] COMMAND [ARGUMENT ...]',
  summary: 'become COMMAND, with the same pid, which holds FILE as long as it lives',
  options: ['timeout'],
  operands: 'file-command',
  async run({ file, command, timeoutMs }) {
    const pidfile = await acquirePidfile(file, { inheritable: true, timeoutMs: timeoutMs ?? 0 });
    try {
      const code = executeProgram(command);
      complain(`${strerror(code)}: '${String(command[0])}'`);
      return code === 'ENOENT' ? EXIT.commandNotFound : EXIT.cannotExecute;
    } finally {
      pidfile.close();
    }
  },
};
