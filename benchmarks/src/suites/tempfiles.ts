import fs from 'node:fs';
import { join } from 'node:path';
import {
  makeTemporaryDirectory,
  makeTemporaryDirectorySync,
  openTemporaryFile,
  openTemporaryFileSync,
} from '@osx/tempfiles';
import tmp from 'tmp';
import { asyncContender, measureInterleaved, syncContender } from '../measure.ts';
import type { Contender, Effort } from '../measure.ts';
import type { Place } from '../places.ts';
import { ratioGoal, rowOf } from '../report.ts';
import type { Table } from '../report.ts';

const PART = 'x'.repeat(100);

const notes: Readonly<Record<string, string>> = {
  'openTemporaryFile, no name': 'nothing is left, whatever the end',
  'openTemporaryFile, named': 'locked; removed at signals; swept after SIGKILL',
  'openTemporaryFileSync, no name': 'nothing is left, whatever the end',
  makeTemporaryDirectory: 'locked; removed at signals; swept after SIGKILL',
  tmp: 'removed at exit; not at signals',
  'tmp sync': 'removed at exit; not at signals',
  tempy: 'not removed at exit nor at signals',
  'fs.mkdtemp': 'not removed at exit nor at signals',
  'fs.mkdtemp sync': 'not removed at exit nor at signals',
};

/** Temporary files and directories made, written to, and dropped. */
export async function* tempfiles(places: readonly Place[], effort: Effort): AsyncGenerator<Table> {
  for (const [index, place] of places.entries()) {
    // It asks for the directory when it is imported, once.
    if (index === 0) process.env['TMPDIR'] = place.path;
    const tempy = index === 0 ? await import('tempy') : undefined;
    yield await table(
      place,
      'A temporary file made, 100 bytes written, and dropped',
      files(place.path, tempy),
      effort,
      [
        ['openTemporaryFile, no name', 'tmp', 1],
        ['openTemporaryFile, no name', 'tempy', 1],
      ],
    );
    yield await table(
      place,
      'A temporary directory made and, with one file in it, dropped',
      directories(place.path, tempy),
      effort,
      [
        ['makeTemporaryDirectory', 'tmp', 1],
        ['makeTemporaryDirectory', 'fs.mkdtemp', 0.7],
      ],
    );
  }
}

async function table(
  place: Place,
  what: string,
  contenders: readonly Contender[],
  effort: Effort,
  goals: readonly [string, string, number][],
): Promise<Table> {
  const measured = await measureInterleaved(contenders, effort);
  const rows = measured.map(({ name, figures }) => {
    return rowOf(name, figures, 'µs', notes[name] === undefined ? {} : { note: notes[name] });
  });
  return {
    suite: 'tempfiles',
    title: `${what}, on ${place.label}`,
    unit: 'µs',
    reference: contenders[0]?.name ?? '',
    rows,
    goals: goals.flatMap(([own, other, times]) => ratioGoal(rows, own, other, times)),
  };
}

type Tempy = typeof import('tempy') | undefined;

function files(directory: string, tempy: Tempy): Contender[] {
  return [
    asyncContender('openTemporaryFile, no name', async () => {
      const file = await openTemporaryFile({ directory });
      await file.handle.write(PART);
      await file.close();
    }),
    asyncContender('openTemporaryFile, named', async () => {
      const file = await openTemporaryFile({ directory, named: true });
      await file.handle.write(PART);
      await file.close();
    }),
    asyncContender('tmp', () => {
      return new Promise<void>((resolve, reject) => {
        tmp.file({ tmpdir: directory }, (error, _path, fd, remove) => {
          if (error !== null) return reject(error);
          fs.write(fd, PART, (failure) => {
            remove();
            if (failure === null) resolve();
            else reject(failure);
          });
        });
      });
    }),
    ...(tempy === undefined
      ? []
      : [asyncContender('tempy', () => tempy.temporaryWriteTask(PART, () => Promise.resolve()))]),
    asyncContender('fs.mkdtemp', async () => {
      const path = await fs.promises.mkdtemp(join(directory, 'x-'));
      await fs.promises.writeFile(join(path, 'file'), PART);
      await fs.promises.rm(path, { recursive: true });
    }),
    syncContender('openTemporaryFileSync, no name', () => {
      const file = openTemporaryFileSync({ directory });
      fs.writeSync(file.fd, PART);
      file.close();
    }),
    syncContender('tmp sync', () => {
      const file = tmp.fileSync({ tmpdir: directory });
      fs.writeSync(file.fd, PART);
      file.removeCallback();
    }),
  ];
}

function directories(directory: string, tempy: Tempy): Contender[] {
  return [
    asyncContender('makeTemporaryDirectory', async () => {
      const made = await makeTemporaryDirectory({ directory });
      fs.writeFileSync(join(made.path, 'file'), PART);
      await made.remove();
    }),
    asyncContender('tmp', () => {
      return new Promise<void>((resolve, reject) => {
        tmp.dir({ tmpdir: directory, unsafeCleanup: true }, (error, path, remove) => {
          if (error !== null) return reject(error);
          fs.writeFileSync(join(path, 'file'), PART);
          // Its types do not know of the callback.
          (remove as (done: () => void) => void)(resolve);
        });
      });
    }),
    ...(tempy === undefined
      ? []
      : [
          asyncContender('tempy', () => {
            return tempy.temporaryDirectoryTask((path) => Promise.resolve(fs.writeFileSync(join(path, 'file'), PART)));
          }),
        ]),
    asyncContender('fs.mkdtemp', async () => {
      const path = await fs.promises.mkdtemp(join(directory, 'x-'));
      fs.writeFileSync(join(path, 'file'), PART);
      await fs.promises.rm(path, { recursive: true });
    }),
    syncContender('makeTemporaryDirectorySync', () => {
      const made = makeTemporaryDirectorySync({ directory });
      fs.writeFileSync(join(made.path, 'file'), PART);
      made.removeSync();
    }),
    syncContender('fs.mkdtemp sync', () => {
      const path = fs.mkdtempSync(join(directory, 'x-'));
      fs.writeFileSync(join(path, 'file'), PART);
      fs.rmSync(path, { recursive: true });
    }),
  ];
}
