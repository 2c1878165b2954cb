import { fstatSync } from 'node:fs';

import { gracefulShutdown } from '@osx/signals';

import { acquirePidfile } from '../../acquire-pidfile.ts';
import type { Pidfile } from '../../pidfile.ts';
import type { Command } from './command.ts';
import { EXIT } from './exit-codes.ts';
import { printJson, printLine } from './print.ts';

const STDIN = 0;
/** What ends a program by default, and leaves it the time to clean up. SIGUSR1 would start Node's inspector. */
const ENDING_SIGNALS = ['SIGHUP', 'SIGINT', 'SIGQUIT', 'SIGTERM', 'SIGALRM', 'SIGUSR1', 'SIGUSR2'];

export const lock: Command = {
  synopsis: 'lock [--json] [--quiet] [--timeout SECONDS] FILE',
  summary: 'hold FILE until a signal comes, or standard input, being a pipe, ends',
  options: ['json', 'quiet', 'timeout'],
  operands: 'file',
  async run({ file, fileText, json, quiet, timeoutMs }) {
    let pidfile: Pidfile | undefined;
    const shutdown = gracefulShutdown({ signals: ENDING_SIGNALS, cleanup: () => pidfile?.close() });
    try {
      pidfile = await acquirePidfile(file, { timeoutMs: timeoutMs ?? 0 });
      if (json) printJson({ file: fileText, pid: process.pid });
      else if (!quiet) printLine(String(process.pid));
      await endOfInput();
    } finally {
      pidfile?.close();
      shutdown[Symbol.dispose]();
    }
    return EXIT.done;
  },
};

/**
 * Resolves when whoever holds the other end of standard input has closed it. A terminal is not read, because a job in the
 * background would be stopped for it, and /dev/null has no other end: there only a signal ends the wait.
 */
function endOfInput(): Promise<void> {
  const stats = fstatSync(STDIN);
  if (!stats.isFIFO() && !stats.isSocket()) return untilSignal();
  return new Promise((resolve) => {
    process.stdin
      .on('close', resolve)
      .on('error', () => {})
      .resume();
  });
}

function untilSignal(): Promise<never> {
  return new Promise(() => void setInterval(() => {}, 2 ** 31 - 1));
}
