// A bank in memory that never stops is written to disk by forked children, and each file is a state that it was in.
// Usage: node --single-threaded --v8-pool-size=1 demo.ts [--snapshots N] [--accounts N]
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { canForkProcess } from '@osx/forkhooks/experimental-fork';

import { auditSnapshot, Bank } from './bank.ts';
import { snapshotByFork, snapshotInPieces, snapshotInPlace } from './snapshots.ts';

const { values } = parseArgs({
  options: { snapshots: { type: 'string', default: '20' }, accounts: { type: 'string', default: '500000' } },
});
const [snapshots, accounts] = [Number(values.snapshots), Number(values.accounts)];
if (!canForkProcess()) {
  console.log('Start it with: node --single-threaded --v8-pool-size=1 (Linux x64, Node 22, 24 or 26)');
  process.exit(2);
}

const BALANCE = 100;
const bank = new Bank(accounts, BALANCE);
const directory = mkdtempSync(join(tmpdir(), 'osx-snapshot-'));
const path = join(directory, 'bank.json');
const traffic = setInterval(() => {
  for (let count = 0; count < 2000; count++) bank.transfer();
}, 1);

try {
  let wrong = 0;
  let meanwhile = 0;
  const blocked: number[] = [];
  for (let count = 0; count < snapshots; count++) {
    const before = bank.transfers;
    const { blockedMs } = await snapshotByFork(bank, path);
    const { transfers, total } = auditSnapshot(readFileSync(path, 'utf8'));
    if (total !== accounts * BALANCE || transfers < before) wrong++;
    meanwhile += bank.transfers - transfers;
    blocked.push(blockedMs);
  }
  blocked.sort((one, other) => one - other);
  const inPlace = snapshotInPlace(bank, path);
  await snapshotInPieces(bank, path);
  const pieces = auditSnapshot(readFileSync(path, 'utf8'));

  console.log(`${snapshots} snapshots of ${accounts} accounts by forked children`);
  console.log(`  wrong                    ${wrong}`);
  console.log(`  transfers meanwhile      ${meanwhile}`);
  console.log(`  until the fork was made  ${(blocked[blocked.length >> 1] as number).toFixed(1)} ms (median)`);
  console.log(`in place: right, and nothing else happened for ${inPlace.blockedMs.toFixed(1)} ms`);
  console.log(`in pieces: the total is off by ${pieces.total - accounts * BALANCE}`);
  if (wrong > 0) process.exitCode = 1;
} finally {
  clearInterval(traffic);
  rmSync(directory, { recursive: true });
}
