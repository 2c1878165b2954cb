import { closeSync, constants, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { flock, lockFile, setRecordLock, tryLockFile } from '@osx/fcntl';
import { tryLock, unlock } from 'fs-native-extensions';
import properLockfile from 'proper-lockfile';
import { cContender } from '../c-contender.ts';
import { compileC } from '../compile-c.ts';
import { asyncContender, measureInterleaved, syncContender } from '../measure.ts';
import type { Contender, Effort, Measured } from '../measure.ts';
import { loadFsExt } from '../peers/load-fs-ext.ts';
import type { Place } from '../places.ts';
import { absentRow, ratioGoal, rowOf } from '../report.ts';
import type { Row, Table } from '../report.ts';

const { O_CREAT, O_RDWR } = constants;

/** A lock nobody else wants, taken and given back: by path, and on a descriptor that is already open. */
export async function* uncontendedLocks(place: Place, scratch: string, effort: Effort): AsyncGenerator<Table> {
  const program = compileC('lock', scratch);
  const fsExt = loadFsExt(scratch);
  const absent = [
    ...(program === undefined ? [absentRow('C', 'no C compiler')] : []),
    ...(fsExt === undefined ? [absentRow('fs-ext', 'does not build here')] : []),
  ];

  const byPath = pathLockers(place.path, program, fsExt);
  const pathRows = [...rows(await measureInterleaved(byPath, effort)), ...absent];
  yield {
    suite: 'locks',
    title: `Lock and release by path, uncontended, on ${place.label}`,
    unit: 'µs',
    reference: 'lockFile',
    rows: pathRows,
    goals: ratioGoal(pathRows, 'lockFile', 'proper-lockfile', 10),
  };

  const opened = (name: string): number => openSync(join(place.path, `pair-${name}`), O_RDWR | O_CREAT);
  const fds = { record: opened('record'), flock: opened('flock'), native: opened('native'), ext: opened('ext') };
  try {
    const pairs = pairLockers(fds, place.path, program, fsExt);
    yield {
      suite: 'locks',
      title: `Lock and unlock an open descriptor, uncontended, on ${place.label}`,
      unit: 'µs',
      reference: 'setRecordLock (OFD)',
      rows: [...rows(await measureInterleaved(pairs, effort)), ...absent],
      goals: [],
    };
  } finally {
    for (const fd of Object.values(fds)) closeSync(fd);
  }
}

type FsExt = ReturnType<typeof loadFsExt>;

function pathLockers(directory: string, program: string | undefined, fsExt: FsExt): Contender[] {
  const path = (name: string): string => join(directory, name);
  const withFd = (file: string, lock: (fd: number) => void): void => {
    const fd = openSync(file, O_RDWR | O_CREAT);
    lock(fd);
    closeSync(fd);
  };
  // proper-lockfile wants the file to be there.
  for (const name of ['proper', 'proper-sync']) writeFileSync(path(name), '');
  return [
    asyncContender('lockFile', async () => (await lockFile(path('ours'))).release()),
    syncContender('tryLockFile', () => tryLockFile(path('ours-sync'))?.release()),
    asyncContender('proper-lockfile', async () => (await properLockfile.lock(path('proper')))()),
    syncContender('proper-lockfile sync', () => properLockfile.lockSync(path('proper-sync'))()),
    syncContender('fs-native-extensions', () => withFd(path('native'), (fd) => void tryLock(fd))),
    ...(fsExt === undefined
      ? []
      : [syncContender('fs-ext flock', () => withFd(path('fs-ext'), (fd) => fsExt.flockSync(fd, 'exnb')))]),
    ...(program === undefined ? [] : [cContender('C', program, [path('c'), 'path'])]),
  ];
}

interface PairFds {
  readonly record: number;
  readonly flock: number;
  readonly native: number;
  readonly ext: number;
}

function pairLockers(fds: PairFds, directory: string, program: string | undefined, fsExt: FsExt): Contender[] {
  return [
    syncContender('setRecordLock (OFD)', () => {
      setRecordLock(fds.record, { type: 'write' }, { kind: 'ofd' });
      setRecordLock(fds.record, { type: 'unlock' }, { kind: 'ofd' });
    }),
    syncContender('flock', () => {
      flock(fds.flock, 'exclusive');
      flock(fds.flock, 'unlock');
    }),
    syncContender('fs-native-extensions', () => {
      tryLock(fds.native);
      unlock(fds.native);
    }),
    ...(fsExt === undefined
      ? []
      : [
          syncContender('fs-ext flock', () => {
            fsExt.flockSync(fds.ext, 'exnb');
            fsExt.flockSync(fds.ext, 'un');
          }),
        ]),
    ...(program === undefined ? [] : [cContender('C', program, [join(directory, 'c-pair'), 'pair'])]),
  ];
}

function rows(measured: readonly Measured[]): Row[] {
  return measured.map(({ name, figures }) => rowOf(name, figures, 'µs'));
}
