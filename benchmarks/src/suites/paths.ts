import { closeSync, mkdirSync, openSync, readFileSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { open as openHandle, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { hasCode } from '@osx/errors';
import { open } from '@osx/fds';
import { openBeneath, openBeneathSync } from '@osx/paths';
import { cContender } from '../c-contender.ts';
import { compileC } from '../compile-c.ts';
import { LineProcess } from '../line-process.ts';
import { asyncContender, measureInterleaved, syncContender } from '../measure.ts';
import type { Contender, Effort } from '../measure.ts';
import type { Place } from '../places.ts';
import { absentRow, ratioGoal, rowOf } from '../report.ts';
import type { FactTable, Row, Table } from '../report.ts';

const suite = 'paths';
const naive = 'realpath, compare, open (Sync)';
const native = 'C, openat2';

const notes: Readonly<Record<string, string>> = {
  [naive]: 'led out by whoever swaps what in between',
  'realpath, compare, open': 'led out likewise',
  'fs.openSync': 'confines nothing',
  'C, realpath, compare, open': 'led out likewise',
};

/** Opening a file beneath a root, and who is led out of it. */
export async function* paths(place: Place, scratch: string, effort: Effort): AsyncGenerator<Table | FactTable> {
  const program = compileC('paths', scratch);
  yield await opened(place, program, effort, 'four names', 'a/b/c/file');
  yield await opened(place, program, effort, 'a link and two names', 'link/c/file');
  yield await ledOut(place, effort.repetitions >= 7 ? 20_000 : 4000);
}

async function opened(
  place: Place,
  program: string | undefined,
  effort: Effort,
  what: string,
  path: string,
): Promise<Table> {
  const root = join(place.path, 'beneath');
  mkdirSync(join(root, 'a/b/c'), { recursive: true });
  writeFileSync(join(root, 'a/b/c/file'), '');
  if (path.startsWith('link/')) symlinkSync('a/b', join(root, 'link'));
  using pinned = open(root, 'r');
  const contenders: Contender[] = [
    asyncContender('openBeneath', async () => (await openBeneath(root, path)).close()),
    syncContender('openBeneathSync', () => openBeneathSync(root, path).close()),
    syncContender('openBeneathSync, root open', () => openBeneathSync(pinned, path).close()),
    asyncContender('realpath, compare, open', async () => {
      const [above, real] = await Promise.all([realpath(root), realpath(`${root}/${path}`)]);
      refuseOutside(above, real);
      const handle = await openHandle(`${root}/${path}`, 'r');
      await handle.close();
    }),
    syncContender(naive, () => closeSync(openNaively(root, path))),
    syncContender('fs.openSync', () => closeSync(openSync(`${root}/${path}`, 'r'))),
  ];
  if (program !== undefined) {
    contenders.push(cContender(native, program, [root, 'openat2', path]));
    contenders.push(cContender('C, realpath, compare, open', program, [root, 'realpath', path]));
  }
  const measured = await measureInterleaved(contenders, effort);
  const rows: Row[] = measured.map(({ name, figures }) =>
    rowOf(name, figures, 'µs', notes[name] === undefined ? {} : { note: notes[name] }),
  );
  return {
    suite,
    title: `Open a file beneath a root and close it, ${what}, on ${place.label}`,
    unit: 'µs',
    reference: 'openBeneath',
    rows: program === undefined ? [...rows, absentRow(native, 'no C compiler')] : rows,
    goals: [
      ...ratioGoal(rows, 'openBeneathSync', naive, 1),
      ...ratioGoal(rows, 'openBeneath', 'realpath, compare, open', 1),
    ],
  };
}

/** Another process exchanges a directory for a link out, without end. */
async function ledOut(place: Place, openings: number): Promise<FactTable> {
  const root = join(place.path, 'attacked');
  mkdirSync(join(root, 'swap'), { recursive: true });
  mkdirSync(join(place.path, 'private'));
  writeFileSync(join(root, 'swap/file'), 'inside');
  writeFileSync(join(place.path, 'private/file'), 'outside');
  symlinkSync('../private', join(root, 'swap-other'));
  const swapper = fileURLToPath(new URL('../path-swapper.ts', import.meta.url));
  await using _swapping = await LineProcess.start(process.execPath, [
    swapper,
    join(root, 'swap'),
    join(root, 'swap-other'),
  ]);
  const ours = escapes(openings, () => openBeneathSync(root, 'swap/file').release());
  const others = escapes(openings, () => openNaively(root, 'swap/file'));
  return {
    suite,
    title: `Led out of the root in ${openings} openings, while another process swaps a directory for a link`,
    columns: ['', 'led out', 'opened inside', 'refused'],
    facts: [
      ['openBeneathSync', ...ours.map(String)],
      [naive, ...others.map(String)],
    ],
    goals: [{ wanted: 'never led out', got: `${ours[0]}`, met: ours[0] === 0 }],
  };
}

function escapes(openings: number, opening: () => number): [out: number, inside: number, refused: number] {
  const ends: [number, number, number] = [0, 0, 0];
  for (let count = 0; count < openings; count += 1) {
    let fd: number;
    try {
      fd = opening();
    } catch (error) {
      if (!hasCode(error, ['EXDEV', 'ELOOP', 'EINVAL', 'ENOENT', 'ENOTDIR', 'EAGAIN'])) throw error;
      ends[2] += 1;
      continue;
    }
    ends[readFileSync(fd, 'utf8') === 'outside' ? 0 : 1] += 1;
    closeSync(fd);
  }
  return ends;
}

function openNaively(root: string, path: string): number {
  refuseOutside(realpathSync(root), realpathSync(`${root}/${path}`));
  return openSync(`${root}/${path}`, 'r');
}

function refuseOutside(above: string, real: string): void {
  if (!real.startsWith(`${above}/`)) throw Object.assign(new Error(`${real} is outside`), { code: 'EXDEV' });
}
