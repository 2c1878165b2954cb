import { startedAt } from './started-at.ts';
import type { Command } from './command.ts';
import { EXIT } from './exit-codes.ts';
import { findStatus } from './find-status.ts';
import type { PidfileState, PidfileStatus } from './find-status.ts';
import { printable, printJson, printLine } from './print.ts';

const EXIT_CODES: Readonly<Record<PidfileState, number>> = {
  running: EXIT.done,
  stale: EXIT.nobody,
  empty: EXIT.nobody,
  absent: EXIT.nobody,
  'locked-by-unnamed': EXIT.held,
  garbage: EXIT.notAPidfile,
};

export const status: Command = {
  synopsis: 'status [--json] [--quiet] FILE',
  summary: 'say whether the daemon of FILE runs',
  options: ['json', 'quiet'],
  operands: 'file',
  async run({ file, fileText, json, quiet }) {
    const found = await findStatus(file);
    const since = found.pid === null ? undefined : startedAt(found.pid);
    if (json) printJson(toJson(fileText, found, since));
    else if (!quiet) printLine(`${printable(fileText)}: ${describe(found, since)}`);
    return EXIT_CODES[found.state];
  },
};

function toJson(file: string, { state, record, pid, holders, isProven, problem }: PidfileStatus, since?: string) {
  const { pid: recordedPid, ...rest } = record ?? {};
  return {
    file,
    state,
    pid,
    ...(since !== undefined && { since }),
    holders,
    proven: isProven,
    ...(recordedPid !== undefined && { recordedPid }),
    ...rest,
    ...(problem !== undefined && { problem }),
  };
}

const PLACES = {
  here: '',
  'other-boot': ' of another boot',
  'other-pid-namespace': ' of another pid namespace',
  unknown: '',
} as const;

function describe({ state, record, pid, holders, isProven, problem }: PidfileStatus, since?: string): string {
  const unproven = isProven ? '' : ' (by the table of locks; its process belongs to another user)';
  switch (state) {
    case 'running':
      return `running, pid ${pid}${since === undefined ? '' : ` since ${since}`}${unproven}`;
    case 'locked-by-unnamed': {
      const who = holders.length === 0 ? 'a process out of sight' : `pid ${holders.join(', ')}`;
      const says = problem !== undefined ? 'garbage' : record === null ? 'nobody yet' : `pid ${record.pid}`;
      return `locked by ${who}, while the file names ${says}${unproven}`;
    }
    case 'stale':
      return `stale, names pid ${record?.pid}${PLACES[record?.origin ?? 'unknown']}, and nobody holds it`;
    case 'garbage':
      return `garbage, ${printable(problem ?? '')}`;
    case 'empty':
    case 'absent':
      return state;
  }
}
