import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { builtProject, buildProgram } from '../built-packages.ts';
import { LineProcess } from '../line-process.ts';
import { median } from '../measure.ts';
import { treeWatchers } from '../peers/tree-watchers.ts';
import type { Place } from '../places.ts';
import { ratioGoal, rowOf } from '../report.ts';
import type { FactTable, Goal, Row, Table } from '../report.ts';
import { WatchedTree } from '../watched-tree.ts';
import type { TreeSize } from '../watched-tree.ts';

const suite = 'tree-watch';

const efforts: Readonly<Record<'quick' | 'full', { size: TreeSize; repetitions: number }>> = {
  quick: { size: { files: 5000, directories: 100, creations: 20_000, rounds: 50 }, repetitions: 2 },
  full: { size: { files: 50_000, directories: 1000, creations: 40_000, rounds: 200 }, repetitions: 3 },
};

/** What one run of one watcher gave. */
interface Seen {
  readonly setUp: number;
  readonly memory: number;
  /** Nanoseconds of the clock, and of processor time, for each file that was found. */
  readonly perEvent: number;
  readonly cpuPerEvent: number;
  /** Nanoseconds that each creation took. */
  readonly perCreation: number;
  /** Files that it was not told of: created as it watched, right after `mkdir -p` and so on. */
  readonly missed: Readonly<Record<Loss, number>>;
  readonly overflows: number;
}

const losses = {
  watched: 'creations',
  first: 'rounds',
  second: 'rounds',
  renamed: 'rounds',
  busy: 'creations',
} as const satisfies Record<string, keyof TreeSize>;
type Loss = keyof typeof losses;

/** A tree of files watched as a whole: what that costs, and what is lost. */
export async function* treeWatch(
  place: Place,
  scratch: string,
  how: 'quick' | 'full',
): AsyncGenerator<Table | FactTable> {
  const { size, repetitions } = efforts[how];
  const program = buildProgram(builtProject(scratch), 'tree-watch-peer');
  const seen = new Map<string, Seen[]>(Object.keys(treeWatchers).map((name) => [name, []]));
  const failures = new Map<string, string>();
  const names = Object.keys(treeWatchers);
  for (let repetition = 0; repetition < repetitions; repetition += 1) {
    const first = repetition % names.length;
    for (const name of [...names.slice(first), ...names.slice(0, first)]) {
      if (failures.has(name)) continue;
      // Of its own: what the others have made would have to be watched too.
      const tree = new WatchedTree(join(place.path, 'tree'), size);
      try {
        seen.get(name)?.push(await watchOnce(program, name, tree, size));
      } catch (error) {
        failures.set(name, String(error));
      } finally {
        rmSync(tree.root, { recursive: true });
      }
    }
  }
  const what = `${size.files} files in ${size.directories} directories`;
  yield* figures(seen, what, size);
  yield lost(seen, failures, size);
}

function* figures(seen: ReadonlyMap<string, Seen[]>, what: string, size: TreeSize): Generator<Table> {
  const rows = (unit: Table['unit'], figure: (run: Seen) => number): Row[] =>
    [...seen]
      .filter(([, runs]) => runs.length > 0)
      .map(([name, runs]) => {
        const note = name.startsWith('fs.watch') ? { note: 'has no word for being ready' } : {};
        return rowOf(name, runs.map(figure), unit, unit === 'ms' ? note : {});
      });
  const table = (
    title: string,
    unit: Table['unit'],
    figure: (run: Seen) => number,
    goals: (all: Row[]) => Goal[],
  ): Table => {
    const all = rows(unit, figure);
    return { suite, title, unit, reference: 'watchTree', rows: all, goals: goals(all) };
  };
  yield table(
    `Begin to watch ${what}`,
    'ms',
    ({ setUp }) => setUp,
    (all) => ratioGoal(all, 'watchTree', 'chokidar', 3),
  );
  yield table(
    `Resident memory that this adds, the package included`,
    'kB',
    ({ memory }) => memory,
    (all) => ratioGoal(all, 'watchTree', 'chokidar', 3),
  );
  const creations = [...seen.values()].flat().map(({ perCreation }) => perCreation);
  const noticed = table(
    `${size.creations} files created by another process; each that was found, from the first creation to the last notice`,
    'µs',
    ({ perEvent }) => perEvent,
    (all) => ratioGoal(all, 'watchTree', '@parcel/watcher', 1),
  );
  yield { ...noticed, rows: [...noticed.rows, rowOf('the creations themselves', creations, 'µs')] };
  yield table(
    'Processor time of the watching process for each of them',
    'µs',
    ({ cpuPerEvent }) => cpuPerEvent,
    () => [],
  );
}

/** The worst run counts. */
function lost(seen: ReadonlyMap<string, Seen[]>, failures: ReadonlyMap<string, string>, size: TreeSize): FactTable {
  const worst = (runs: readonly Seen[], loss: Loss): number => Math.max(...runs.map(({ missed }) => missed[loss]));
  const facts = [...seen].map(([name, runs]) => {
    const failure = failures.get(name);
    if (failure !== undefined || runs.length === 0) return [name, failure ?? 'not run', '', '', '', '', ''];
    const told = median(runs.map(({ overflows }) => overflows));
    return [name, ...(Object.keys(losses) as Loss[]).map((loss) => String(worst(runs, loss))), String(told)];
  });
  const ours = [...seen].filter(([name]) => name.startsWith('watchTree')).flatMap(([, runs]) => runs);
  const sum = ours.flatMap(({ missed }) => Object.values(missed)).reduce((total, count) => total + count, 0);
  const complete = [...seen].filter(
    ([, runs]) => runs.length > 0 && (Object.keys(losses) as Loss[]).every((loss) => worst(runs, loss) === 0),
  );
  const others = complete.map(([name]) => name).filter((name) => !name.startsWith('watchTree'));
  return {
    suite,
    title: `Files of which nothing was told, the worst run: of ${size.creations}, three times ${size.rounds}, and ${size.creations}`,
    columns: ['', 'watching', 'mkdir -p, write', 'write later', 'rename, write', 'event loop busy', 'losses told'],
    facts,
    goals: [
      {
        wanted: 'watchTree loses nothing',
        got: `${sum} files in ${ours.length} runs`,
        met: sum === 0 && ours.length > 0,
      },
      {
        wanted: 'nobody else loses nothing',
        got: others.length === 0 ? 'nobody' : others.join(', '),
        met: others.length === 0,
      },
    ],
  };
}

async function watchOnce(program: string, name: string, tree: WatchedTree, size: TreeSize): Promise<Seen> {
  await using peer = await LineProcess.start(process.execPath, ['--expose-gc', program, name, tree.root]);
  const asked = async (line: string, answer: string): Promise<number[]> => {
    peer.send(line);
    return (await peer.expect(answer)).split(' ').map(Number);
  };
  const [setUp = NaN, memory = NaN] = await asked('watch', 'watching');
  // fs.watch and @parcel/watcher may still be at it.
  await sleep(500);
  const missed: Partial<Record<Loss, number>> = {};
  let overflows = 0;
  const told = async (loss: Loss): Promise<{ found: number; last: bigint; cpu: number }> => {
    peer.send(`tell ${size[losses[loss]]}`);
    const [found = '0', last = '0', cpu = '0', over = '0'] = (await peer.expect('found')).split(' ');
    missed[loss] = size[losses[loss]] - Number(found);
    overflows += Number(over);
    return { found: Number(found), last: BigInt(last), cpu: Number(cpu) };
  };

  await asked('count ^\\d+/\\d+/watched-\\d+$', 'counting');
  const start = process.hrtime.bigint();
  tree.create('watched');
  const created = process.hrtime.bigint();
  const watched = await told('watched');

  await asked('count ^nest/path-\\d+/b/c/first$', 'counting');
  tree.makePaths();
  await told('first');
  await asked('count ^nest/path-\\d+/b/c/second$', 'counting');
  tree.addToPaths();
  await told('second');
  await asked('count ^nest/moved-path-\\d+/b/c/third$', 'counting');
  tree.renamePaths();
  await told('renamed');

  // Last, for not everybody goes on after an overflow.
  await asked('count ^\\d+/\\d+/busy-\\d+$', 'counting');
  const flag = `${tree.root}.flag`;
  await asked(`busy ${flag}`, 'busy');
  tree.create('busy');
  writeFileSync(flag, '');
  await peer.expect('free');
  await told('busy');
  rmSync(flag);
  return {
    setUp,
    memory,
    perEvent: Number(watched.last - start) / watched.found,
    perCreation: Number(created - start) / size.creations,
    cpuPerEvent: (watched.cpu * 1000) / watched.found,
    missed: missed as Record<Loss, number>,
    overflows,
  };
}
