import { closeSync, constants, fchmodSync, fsyncSync, openSync, renameSync, writeSync } from 'node:fs';
import { open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';

const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
let counter = 0;

const temporaryFor = (path: string): string => `${path}.${process.pid}.${(counter += 1)}`;

/** The bare protocol, and no care for anything that can go wrong: what Node's calls alone cost. */
export async function rawWrite(path: string, data: Uint8Array, level: 'none' | 'full'): Promise<void> {
  const temporary = temporaryFor(path);
  const file = await open(temporary, flags, 0o600);
  await file.writeFile(data);
  await file.chmod(0o644);
  if (level === 'full') await file.sync();
  await file.close();
  await rename(temporary, path);
  if (level === 'none') return;
  const directory = await open(dirname(path));
  await directory.sync();
  await directory.close();
}

/** The same, blocking. */
export function rawWriteSync(path: string, data: Uint8Array, level: 'none' | 'full'): void {
  const temporary = temporaryFor(path);
  const fd = openSync(temporary, flags, 0o600);
  for (let done = 0; done < data.length;) done += writeSync(fd, data, done);
  fchmodSync(fd, 0o644);
  if (level === 'full') fsyncSync(fd);
  closeSync(fd);
  renameSync(temporary, path);
  if (level === 'none') return;
  const directory = openSync(dirname(path), 'r');
  fsyncSync(directory);
  closeSync(directory);
}
