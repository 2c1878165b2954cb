import type { PidfileRecord } from '../../pidfile-record.ts';
import type { Command } from './command.ts';
import { EXIT } from './exit-codes.ts';
import { findStatus } from './find-status.ts';
import type { PidfileState, PidfileStatus } from './find-status.ts';
import { printable, printJson, printLine } from './print.ts';
import { startedAt } from './started-at.ts';

const EXIT_CODES: Readonly<Record<PidfileState, number>> = {
  running: EXIT.done,
  stale: EXIT.nobody,
  empty: EXIT.nobody,
  absent: EXIT.nobody,
  'locked-by-unnamed': EXIT.held,
  garbage: EXIT.notAPidfile,
  unknown: EXIT.noPermission,
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
    else if (!quiet) printLine(`${printable(fileText)}: ${DESCRIPTIONS[found.state](found, since)}`);
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

const DESCRIPTIONS: Readonly<Record<PidfileState, (found: PidfileStatus, since?: string) => string>> = {
  running: ({ pid, isProven }, since) =>
    `running, pid ${pid}${since === undefined ? '' : ` since ${since}`}${isProven ? '' : UNPROVEN}`,
  'locked-by-unnamed': ({ record, holders, isProven, problem }) => {
    const who = holders.length === 0 ? 'a process out of sight' : `pid ${holders.join(', ')}`;
    const earlier = record !== null && holders.includes(record.pid) ? 'an earlier ' : '';
    const named = record === null ? 'nobody yet' : `${earlier}pid ${record.pid}${place(record)}`;
    return `locked by ${who}, while it names ${problem === undefined ? named : 'nobody (garbage)'}${isProven ? '' : UNPROVEN}`;
  },
  stale: ({ record }) => `stale, names pid ${record?.pid}${place(record)}, and nobody holds it`,
  unknown: ({ record }) => `unknown, names pid ${record?.pid}${place(record)}, who may hold it out of sight`,
  empty: () => 'empty, and nobody holds it',
  absent: () => 'absent',
  garbage: ({ problem = '' }) => `garbage: ${printable(problem)}`,
};

const UNPROVEN = " (by the kernel's table of locks; the process may not be looked at)";

function place(record: PidfileRecord | null): string {
  if (record?.origin === 'other-boot') return ' of another boot';
  return record?.origin === 'other-pid-namespace' ? ' of another pid namespace' : '';
}
