import { createWriteStream } from 'node:fs';
import { setImmediate as turn } from 'node:timers/promises';

import { writeFileAtomicSync } from '@osx/atomics';
import { forkProcess } from '@osx/forkhooks/experimental-fork';

import type { Bank } from './bank.ts';

/** How long a snapshot took, and how long of that the program could do nothing else. */
export interface SnapshotTimes {
  readonly blockedMs: number;
  readonly totalMs: number;
}

/** The whole state, written by a child that has a copy of it; the parent goes on at once. */
export async function snapshotByFork(bank: Bank, path: string): Promise<SnapshotTimes> {
  const start = performance.now();
  const child = await forkProcess(() => {
    writeFileAtomicSync(path, bank.render());
  });
  const blockedMs = performance.now() - start;
  const { code, signal } = await child.exited;
  if (code !== 0) throw new Error(`the child that wrote ${path} ended with ${signal ?? code}`);
  return { blockedMs, totalMs: performance.now() - start };
}

/** The state as it is, all in one go: right, and nothing else happens meanwhile. */
export function snapshotInPlace(bank: Bank, path: string): SnapshotTimes {
  const start = performance.now();
  writeFileAtomicSync(path, bank.render());
  const blockedMs = performance.now() - start;
  return { blockedMs, totalMs: blockedMs };
}

/** What is written instead so as not to block: piece by piece, while the state goes on changing. Wrong. */
export async function snapshotInPieces(bank: Bank, path: string): Promise<void> {
  const stream = createWriteStream(path);
  stream.write(`{"transfers":${bank.transfers},"accounts":[`);
  const size = 1000;
  for (let index = 0; index < bank.accounts.length; index += size) {
    stream.write(`${index > 0 ? ',' : ''}${bank.accounts.slice(index, index + size).join(',')}`);
    await turn();
  }
  stream.end(']}');
  await new Promise<void>((resolve, reject) => stream.once('close', resolve).once('error', reject));
}
