import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { writeFileAtomic } from '@osx/atomics';

const SIZE = '1536k';

export interface SmallDiskResult {
  /** Why no small disk could be made here. */
  skipped?: string;
  /** The code of the refusal. */
  code?: string | undefined;
  bytesKept?: number;
  faults: string[];
}

/** Fills a disk of 1.5 MB by one write too large: it must be refused, and the file be what it was. */
export async function fillSmallDisk(directory: string): Promise<SmallDiskResult> {
  const mountPoint = join(directory, 'small-disk');
  mkdirSync(mountPoint);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${SIZE}`, 'osx-ledger', mountPoint], { stdio: 'pipe' });
  } catch {
    return { skipped: 'mounting a tmpfs needs root on Linux', faults: [] };
  }
  try {
    return await overfill(join(mountPoint, 'ledger.json'));
  } finally {
    execFileSync('umount', [mountPoint]);
    rmSync(mountPoint, { recursive: true });
  }
}

async function overfill(path: string): Promise<SmallDiskResult> {
  const good = 'x'.repeat(600_000);
  await writeFileAtomic(path, good);
  let code: string | undefined;
  try {
    await writeFileAtomic(path, 'y'.repeat(2_000_000));
  } catch (error) {
    code = (error as NodeJS.ErrnoException).code;
  }
  const kept = readFileSync(path, 'utf8');
  const litter = readdirSync(join(path, '..')).filter((name) => name !== 'ledger.json');
  const faults = [
    ...(code === 'ENOSPC' ? [] : [`the write too large gave ${code ?? 'no error'} instead of ENOSPC`]),
    ...(kept === good ? [] : ['the file on the full disk changed']),
    ...(litter.length === 0 ? [] : [`litter on the full disk: ${litter.join(', ')}`]),
  ];
  return { code, bytesKept: kept.length, faults };
}
