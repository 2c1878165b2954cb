import type { Command } from './command.ts';
import { commands } from './commands.ts';

const OPTIONS = {
  help: '-h, --help             show this',
  json: '    --json             print one JSON object per line',
  quiet: '-q, --quiet            print nothing',
  signal: '-s, --signal SIGNAL    TERM, SIGTERM, 15, RTMIN+3, or 0 to ask only whether it could be sent',
  timeout: '-t, --timeout SECONDS  wait so long at most; 0.5, 0, infinity',
  wait: '-w, --wait             wait until the process has ended',
} as const;

const EXIT_CODES = `Exit code:
    0 done                           69 not supported here
    1 nobody holds FILE              70 a fault of this program
    2 wrong usage                    71 another error of the system
    3 another process holds FILE     77 not permitted
    4 FILE is no pidfile            126 COMMAND could not be executed
    5 timed out                     127 COMMAND was not found`;

/** What `pidfile --help` prints. */
export function generalHelp(): string {
  const width = Math.max(...[...commands.keys()].map((name) => name.length));
  const list = [...commands].map(([name, { summary }]) => `  ${name.padEnd(width)}  ${summary}`);
  return [
    'Usage: pidfile COMMAND [OPTION ...] FILE',
    '',
    'One daemon, found, told and stopped: FILE is locked by the process whose pid stands in it.',
    '',
    ...list,
    '',
    "'pidfile COMMAND --help' says more; 'pidfile --version' prints the version.",
    '',
    EXIT_CODES,
  ].join('\n');
}

/** What `pidfile COMMAND --help` prints. */
export function commandHelp(command: Command): string {
  const options = (['help', ...command.options] as const).map((name) => `  ${OPTIONS[name]}`);
  return [`Usage: pidfile ${command.synopsis}`, '', sentence(command.summary), '', ...options, '', EXIT_CODES].join(
    '\n',
  );
}

function sentence(summary: string): string {
  return `${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`;
}
