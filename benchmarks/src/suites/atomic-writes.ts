import { join } from 'node:path';
import { writeFileAtomic, writeFileAtomicSync } from '@osx/atomics';
import { writeFile, writeFileSync } from 'atomically';
import fastWriteAtomic from 'fast-write-atomic';
import writeFileAtomicPeer from 'write-file-atomic';
import { cContender } from '../c-contender.ts';
import { compileC } from '../compile-c.ts';
import { asyncContender, measureInterleaved, syncContender } from '../measure.ts';
import type { Contender, Effort } from '../measure.ts';
import { rawWrite, rawWriteSync } from '../peers/raw-write.ts';
import { absentRow, ratioGoal, rowOf } from '../report.ts';
import type { Goal, Row, Table } from '../report.ts';
import type { Place } from '../places.ts';

const sizes = [
  { label: '1 kB', bytes: 1000 },
  { label: '10 MB', bytes: 10_000_000 },
] as const;
const levels = ['none', 'full'] as const;
type Level = (typeof levels)[number];

const ours = 'writeFileAtomic';
const oursSync = 'writeFileAtomicSync';
const inC = 'the protocol in C';

/** Replacing one file, again and again, by everything that claims to do it atomically. */
export async function* atomicWrites(places: readonly Place[], scratch: string, effort: Effort): AsyncGenerator<Table> {
  const program = compileC('atomic-write', scratch);
  for (const place of places) {
    for (const { label, bytes } of sizes) {
      for (const level of levels) {
        const target = { directory: place.path, bytes, level };
        const unit = bytes > 1e6 ? 'ms' : 'µs';
        const contenders = [...asyncWriters(target), ...syncWriters(target), ...cWriter(target, program)];
        const measured = await measureInterleaved(contenders, effort);
        const rows: Row[] = measured.map(({ name, figures }) => rowOf(name, figures, unit, noteFor(name, level)));
        if (program === undefined) rows.push(absentRow(inC, 'no C compiler'));
        yield {
          suite: 'atomics',
          title: `Replace a file of ${label} on ${place.label}, ${sync[level]}`,
          unit,
          reference: ours,
          rows,
          goals: goals(rows, place, label, level),
        };
      }
    }
  }
}

const sync = { none: 'no sync', full: 'synced' } as const;

interface Target {
  readonly directory: string;
  readonly bytes: number;
  readonly level: Level;
}

function asyncWriters({ directory, bytes, level }: Target): Contender[] {
  const data = Buffer.alloc(bytes, 'x');
  const path = (name: string): string => join(directory, name);
  const fsync = level === 'full';
  const writers: [string, () => Promise<unknown>][] = [
    [ours, () => writeFileAtomic(path('ours'), data, { durability: level })],
    ['write-file-atomic', () => writeFileAtomicPeer(path('write-file-atomic'), data, { fsync })],
    ['atomically', () => writeFile(path('atomically'), data, { fsync })],
    ['raw Node calls', () => rawWrite(path('raw'), data, level)],
  ];
  if (fsync) writers.push(['fast-write-atomic', () => fastWriteAtomic.promise(path('fast-write-atomic'), data)]);
  return writers.map(([name, write]) => asyncContender(name, write));
}

function syncWriters({ directory, bytes, level }: Target): Contender[] {
  const data = Buffer.alloc(bytes, 'x');
  const path = (name: string): string => join(directory, `${name}-sync`);
  const fsync = level === 'full';
  const writers: [string, () => unknown][] = [
    [oursSync, () => writeFileAtomicSync(path('ours'), data, { durability: level })],
    ['write-file-atomic sync', () => writeFileAtomicPeer.sync(path('write-file-atomic'), data, { fsync })],
    ['atomically sync', () => writeFileSync(path('atomically'), data, { fsync })],
    ['raw Node calls sync', () => rawWriteSync(path('raw'), data, level)],
  ];
  return writers.map(([name, write]) => syncContender(name, write));
}

function cWriter({ directory, bytes, level }: Target, program: string | undefined): Contender[] {
  if (program === undefined) return [];
  return [cContender(inC, program, [join(directory, 'c'), String(bytes), level])];
}

function noteFor(name: string, level: Level): { note?: string } {
  if (level === 'none') return {};
  return /^(write-file-atomic|atomically|fast-write-atomic)/.test(name)
    ? { note: 'leaves the directory unsynced' }
    : {};
}

/** What issue 2 wants, where it says so. */
function goals(rows: readonly Row[], place: Place, size: string, level: Level): Goal[] {
  if (size !== '1 kB') return [];
  if (place.kind === 'tmpfs' && level === 'none') {
    return [
      ...ratioGoal(rows, ours, 'write-file-atomic', 3),
      ...ratioGoal(rows, ours, 'atomically', 2),
      ...ratioGoal(rows, oursSync, inC, 0.5),
    ];
  }
  return place.kind === 'disk' && level === 'full' ? ratioGoal(rows, ours, 'write-file-atomic', 1) : [];
}
