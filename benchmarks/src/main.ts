/**
 * Speed beside peers and C, in one run: `node src/main.ts [--quick] [--only=atomics,locks,...]`. Prints tables, writes JSON
 * to `results/`, and exits 0 whatever the figures are.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Effort } from './measure.ts';
import { places } from './places.ts';
import type { Place } from './places.ts';
import { machine, printTable, saveResults } from './report.ts';
import type { FactTable, Table } from './report.ts';

interface Rounds {
  readonly release: number;
  readonly kill: number;
  readonly import: number;
}

const { values } = parseArgs({ options: { quick: { type: 'boolean' }, only: { type: 'string' } } });
const effort: Effort = values.quick === true ? { repetitions: 3, batchMs: 30 } : { repetitions: 7, batchMs: 100 };
const rounds: Rounds =
  values.quick === true ? { release: 10, kill: 3, import: 5 } : { release: 200, kill: 25, import: 25 };

type Suite = (places: readonly Place[], scratch: string) => AsyncGenerator<Table | FactTable>;

/** Each loads what it measures, and nothing else. */
const suites = new Map<string, Suite>([
  [
    'atomics',
    async function* (all, scratch) {
      const { atomicWrites } = await import('./suites/atomic-writes.ts');
      yield* atomicWrites(all, scratch, effort);
    },
  ],
  [
    'locks',
    async function* ([place], scratch) {
      const { uncontendedLocks } = await import('./suites/uncontended-locks.ts');
      if (place !== undefined) yield* uncontendedLocks(place, scratch, effort);
    },
  ],
  [
    'hand-over',
    async function* ([place], scratch) {
      const { handOver, handOverAfterKill } = await import('./suites/hand-over.ts');
      if (place === undefined) return;
      yield await handOver(place, scratch, rounds.release);
      yield await handOverAfterKill(place, scratch, rounds.kill);
    },
  ],
  [
    'pidfiles',
    async function* ([place], scratch) {
      const { pidfiles } = await import('./suites/pidfiles.ts');
      if (place !== undefined) yield* pidfiles(place, scratch, effort);
    },
  ],
  [
    'signals',
    async function* (_, scratch) {
      const { signals } = await import('./suites/signals.ts');
      yield* signals(scratch, effort, rounds.release);
      const { signalUpkeep } = await import('./suites/signal-upkeep.ts');
      yield* signalUpkeep(scratch, rounds.kill);
    },
  ],
  [
    'deathpacts',
    async function* (_, scratch) {
      const { deathpacts } = await import('./suites/deathpacts.ts');
      yield* deathpacts(scratch, effort, rounds.kill);
    },
  ],
  [
    'event-descriptors',
    async function* (_, scratch) {
      const { eventDescriptors } = await import('./suites/event-descriptors.ts');
      yield* eventDescriptors(scratch, effort, rounds.release);
    },
  ],
  [
    'tree-watch',
    async function* ([place], scratch) {
      const { treeWatch } = await import('./suites/tree-watch.ts');
      if (place !== undefined) yield* treeWatch(place, scratch, values.quick === true ? 'quick' : 'full');
    },
  ],
  [
    'journald',
    async function* (_, scratch) {
      const { journald } = await import('./suites/journald.ts');
      yield* journald(scratch, values.quick === true ? 2_000 : 20_000, effort.repetitions);
    },
  ],
  [
    'forkhooks',
    async function* (_, scratch) {
      const { forkhooks } = await import('./suites/forkhooks.ts');
      yield* forkhooks(scratch, effort);
    },
  ],
  [
    'environ',
    async function* () {
      const { environ } = await import('./suites/environ.ts');
      yield* environ(effort);
    },
  ],
  [
    'filemodes',
    async function* (all) {
      const { filemodes } = await import('./suites/filemodes.ts');
      yield* filemodes(all, effort);
    },
  ],
  [
    'paths',
    async function* ([place], scratch) {
      const { paths } = await import('./suites/paths.ts');
      if (place !== undefined) yield* paths(place, scratch, effort);
    },
  ],
  [
    'tempfiles',
    async function* (all) {
      const { tempfiles } = await import('./suites/tempfiles.ts');
      yield* tempfiles(all, effort);
    },
  ],
  [
    'import',
    async function* (_, scratch) {
      const { importCost } = await import('./suites/import-cost.ts');
      yield* importCost(scratch, rounds.import);
    },
  ],
]);

const chosen = values.only?.split(',') ?? [...suites.keys()];
const unknown = chosen.filter((name) => !suites.has(name));
if (unknown.length > 0) {
  console.error(`no suite ${unknown.join(', ')}; there is ${[...suites.keys()].join(', ')}`);
  process.exit(2);
}

const { cpu, cores, memoryGb, kernel, node } = machine();
console.log(`${cpu}, ${cores} cores, ${memoryGb} GB, ${kernel}, Node ${node}, ${new Date().toISOString()}`);
const scratch = mkdtempSync(join(tmpdir(), 'osx-bench-build-'));
const all = places();
const tables: (Table | FactTable)[] = [];
try {
  for (const name of chosen) {
    for await (const table of suites.get(name)?.(all, scratch) ?? []) {
      printTable(table);
      tables.push(table);
    }
  }
  console.log(`\n${saveResults(tables, { effort, rounds })}`);
} finally {
  for (const place of all) place[Symbol.dispose]();
  rmSync(scratch, { recursive: true, force: true });
}
// Some peers keep sockets and servers open for ever.
process.exit(0);
