import { execFile } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { chmodTree } from '@osx/filemodes';
import { chmodr, chmodrSync } from 'chmodr';
import { asyncContender, measureInterleaved, median, quantile } from '../measure.ts';
import type { Effort } from '../measure.ts';
import type { Place } from '../places.ts';
import { ratioGoal, rowOf } from '../report.ts';
import type { FactTable, Table } from '../report.ts';

const run = promisify(execFile);
const DIRECTORIES = 500;
const FILES_EACH = 100;
/** Twice the same would be no work for who looks first. */
const MODES = [
  { text: 'u=rwX,g=rX,o=', number: 0o640 },
  { text: 'u=rwX,go=', number: 0o600 },
] as const;

interface Changer {
  readonly name: string;
  readonly note?: string;
  readonly change: (top: string, mode: (typeof MODES)[number]) => Promise<unknown>;
}

const ours = 'chmodTree';
const changers: readonly Changer[] = [
  { name: ours, change: (top, { text }) => chmodTree(top, { mode: text }) },
  { name: 'chmod -R', note: 'its start included', change: (top, { text }) => run('chmod', ['-R', text, top]) },
  { name: 'chmodr', note: 'follows the symlinks in the tree', change: (top, { number }) => chmodr(top, number) },
  {
    name: 'chmodrSync',
    note: 'follows the symlinks in the tree; blocks the event loop',
    change: async (top, { number }) => chmodrSync(top, number),
  },
];

/** The permissions of 50,000 files in 500 directories, all changed; and what becomes of the event loop meanwhile. */
export async function* filemodes(places: readonly Place[], effort: Effort): AsyncGenerator<Table | FactTable> {
  for (const place of places) {
    const top = join(place.path, 'chmod-tree');
    makeTree(top);
    try {
      yield await changed(top, place, effort);
      yield await unchanged(top, place, effort);
      yield await meanwhile(top, place);
    } finally {
      rmSync(top, { recursive: true, force: true });
    }
  }
}

function makeTree(top: string): void {
  mkdirSync(top);
  for (let directory = 0; directory < DIRECTORIES; directory += 1) {
    const path = join(top, `directory-${directory}`);
    mkdirSync(path);
    for (let file = 0; file < FILES_EACH; file += 1) writeFileSync(join(path, `file-${file}`), '');
  }
}

async function changed(top: string, place: Place, effort: Effort): Promise<Table> {
  let calls = 0;
  const contenders = changers.map(({ name, change }) =>
    asyncContender(name, () => change(top, MODES[(calls += 1) % 2 === 0 ? 0 : 1])),
  );
  const rows = (await measureInterleaved(contenders, effort)).map(({ name, figures }) => {
    const note = changers.find((changer) => changer.name === name)?.note;
    return rowOf(name, figures, 'ms', note === undefined ? {} : { note });
  });
  return {
    suite: 'filemodes',
    title: `Change the permissions of 50,000 files in 500 directories, on ${place.label}`,
    unit: 'ms',
    reference: ours,
    rows,
    goals: ratioGoal(rows, ours, 'chmod -R', 0.2),
  };
}

async function unchanged(top: string, place: Place, effort: Effort): Promise<Table> {
  const contenders = changers
    .filter(({ name }) => name !== 'chmodrSync')
    .map(({ name, change }) => asyncContender(name, () => change(top, MODES[0])));
  const rows = (await measureInterleaved(contenders, effort)).map(({ name, figures }) =>
    rowOf(name, figures, 'ms', name === ours ? { note: 'finds that there is nothing to change' } : {}),
  );
  return {
    suite: 'filemodes',
    title: `The same, where they are right already, on ${place.label}`,
    unit: 'ms',
    reference: ours,
    rows,
    goals: [],
  };
}

/** How late a timer of 1 ms is, and how long a stat through the thread pool takes, while a tree is changed. */
async function meanwhile(top: string, place: Place): Promise<FactTable> {
  const facts: string[][] = [];
  let late = NaN;
  for (const { name, change } of changers) {
    await change(top, MODES[1]);
    const delays: number[] = [];
    const stats: number[] = [];
    let isRunning = true;
    const watching = Promise.all([
      repeat(
        async () => delays.push((await timed(() => delay(1))) - 1),
        () => isRunning,
      ),
      repeat(
        async () => stats.push(await timed(() => stat('/'))),
        () => isRunning,
      ),
    ]);
    await change(top, MODES[0]);
    isRunning = false;
    await watching;
    if (name === ours) late = quantile(delays, 0.99);
    facts.push([
      name,
      milliseconds(median(delays)),
      milliseconds(quantile(delays, 0.99)),
      milliseconds(Math.max(...delays)),
      milliseconds(median(stats)),
      milliseconds(Math.max(...stats)),
    ]);
  }
  return {
    suite: 'filemodes',
    title: `Meanwhile, in the process that changes them, on ${place.label}`,
    columns: ['', 'a timer is late by', 'p99', 'at most', 'a stat through the pool', 'at most'],
    facts,
    goals: [{ wanted: 'p99 of the event loop under 10 ms', got: milliseconds(late), met: late < 10 }],
  };
}

async function repeat(action: () => Promise<unknown>, goesOn: () => boolean): Promise<void> {
  do await action();
  while (goesOn());
}

async function timed(action: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await action();
  return performance.now() - start;
}

function milliseconds(figure: number): string {
  return `${figure.toFixed(1)} ms`;
}
