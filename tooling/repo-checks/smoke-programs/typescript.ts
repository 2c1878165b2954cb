// Checked by tsc with skipLibCheck off, so that every published declaration is read, then run as it is.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { updateFileAtomic, writeFileAtomic } from '@osx/atomics';
import { isSystemError, type SystemError } from '@osx/errors';
import { lockFile, tryLockFile, withFileLock, type FileLock } from '@osx/fcntl';
import { Inotify, IN_CLOSE_WRITE, type InotifyEvent } from '@osx/linux/inotify';

import './entry-points.ts';

const directory = mkdtempSync(join(tmpdir(), 'osx-smoke-'));
try {
  const file = join(directory, 'count');
  await writeFileAtomic(file, '1', { durability: 'file' });
  await updateFileAtomic(file, (current: Buffer | null) => String(Number(current) + 1));
  // @ts-expect-error not a durability; if this is no error, the declarations were not found
  const refused: unknown = await writeFileAtomic(file, 'x', { durability: 'surely' }).catch((error: unknown) => error);
  if (!(refused instanceof TypeError)) throw new Error('a durability that does not exist was accepted');
  if (readFileSync(file, 'utf8') !== '2') throw new Error('the update was lost');

  const lock: FileLock = await lockFile(join(directory, 'lock'), { timeoutMs: 1000 });
  const second: FileLock | null = tryLockFile(join(directory, 'lock'));
  if (second !== null) throw new Error('two hold one lock');
  lock.release();
  const answer: number = await withFileLock(join(directory, 'lock'), {}, () => 42);
  if (answer !== 42) throw new Error('withFileLock lost the result');

  const inotify: Inotify = Inotify.open();
  inotify.addWatch(directory, IN_CLOSE_WRITE);
  writeFileSync(join(directory, 'hello.txt'), 'hello');
  for await (const event of inotify) {
    const seen: InotifyEvent = event;
    if (seen.name !== 'hello.txt') throw new Error(`saw ${String(seen.name)}`);
    break;
  }
  inotify.close();

  try {
    await writeFileAtomic(join(directory, 'missing', 'file'), '');
    throw new Error('wrote into a directory that is not there');
  } catch (error) {
    if (!isSystemError(error, 'ENOENT')) throw error;
    const systemError: SystemError = error;
    const code: string = systemError.code;
    if (code !== 'ENOENT') throw error;
  }
} finally {
  rmSync(directory, { recursive: true });
}
console.log('ok');
