import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildProgram, builtProject } from '../built-packages.ts';
import { measureInterleaved } from '../measure.ts';
import type { Contender, Effort } from '../measure.ts';
import { remoteContender } from '../remote-contender.ts';
import { rowOf } from '../report.ts';
import type { Goal, Row, Table } from '../report.ts';

const suite = 'forkhooks';

interface Subject {
  readonly title: string;
  readonly operation: string;
  readonly unit: 'µs' | 'ms';
  readonly hookings: readonly string[];
  /** What a hook may add to the first row, in the unit. */
  readonly wanted: readonly (readonly [hooking: string, limit: number])[];
}

const subjects: readonly Subject[] = [
  {
    title: 'Start a process: the call of spawn alone',
    operation: 'spawn',
    unit: 'µs',
    hookings: ['none', 'one hook', 'ten hooks', 'afterForkInChild', 'process-on-spawn'],
    wanted: [['one hook', 200]],
  },
  {
    title: 'spawnSync of a program that does nothing',
    operation: 'spawnSync',
    unit: 'µs',
    hookings: ['none', 'one hook', 'ten hooks', 'process-on-spawn'],
    wanted: [['one hook', 200]],
  },
  {
    title: 'spawnSync of an empty Node program',
    operation: 'node',
    unit: 'ms',
    hookings: ['none', 'one hook', 'afterForkInChild', 'NODE_OPTIONS by hand', 'process-on-spawn'],
    wanted: [['afterForkInChild', 5]],
  },
  {
    title: 'An empty Worker, from its start to its end',
    operation: 'worker',
    unit: 'ms',
    hookings: ['none', 'one hook', 'afterForkInChild'],
    wanted: [['afterForkInChild', 5]],
  },
];

/** What hooks add to the start of a child. */
export async function* forkhooks(scratch: string, effort: Effort): AsyncGenerator<Table> {
  const project = builtProject(scratch);
  const peer = buildProgram(project, 'fork-peer');
  const program = join(project.directory, 'programs', 'empty.cjs');
  writeFileSync(program, '');
  for (const subject of subjects) yield await tableOf(subject, peer, program, effort);
}

async function tableOf(subject: Subject, peer: string, program: string, effort: Effort): Promise<Table> {
  const { title, operation, unit, hookings, wanted } = subject;
  await using processes = new AsyncDisposableStack();
  const contenders: Contender[] = [];
  for (const hooking of hookings)
    contenders.push(await remoteContender(processes, hooking, [peer, operation, hooking, program]));
  const rows = (await measureInterleaved(contenders, effort)).map(({ name, figures }) => rowOf(name, figures, unit));
  const goals = wanted.map(([hooking, limit]) => additionGoal(rows, hooking, limit, unit));
  return { suite, title, unit, reference: 'none', rows, goals };
}

function additionGoal(rows: readonly Row[], hooking: string, limit: number, unit: string): Goal {
  const medianOf = (name: string): number => rows.find((row) => row.name === name)?.median ?? NaN;
  const added = medianOf(hooking) - medianOf('none');
  return { wanted: `${hooking} adds under ${limit} ${unit}`, got: `${added.toFixed(1)} ${unit}`, met: added < limit };
}
