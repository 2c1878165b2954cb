// One writer: moves amounts between accounts until it is killed, and tells its parent of each transfer that is done.
// Usage: writer.ts LEDGER locked|alone
import { readFile } from 'node:fs/promises';

import { updateFileAtomic, writeFileAtomic } from '@osx/atomics';

import { parseLedger, renderLedger, transfer } from './ledger.ts';

const [path = '', mode] = process.argv.slice(2);

/** Milliseconds from the last transfer's decision, or from our own start to wait if that was later, to ours. */
let handOverMs = 0;
/** Whether another transfer came first. */
let waited = false;

async function transferOnce(): Promise<void> {
  const startNs = process.hrtime.bigint();
  const next = (current: Buffer | null): string => {
    if (current === null) throw new Error('the ledger is gone');
    const ledger = parseLedger(current);
    const nowNs = process.hrtime.bigint();
    waited = BigInt(ledger.decidedNs) > startNs;
    const sinceNs = waited ? BigInt(ledger.decidedNs) : startNs;
    handOverMs = Number(nowNs - sinceNs) / 1e6;
    return renderLedger(transfer(ledger, nowNs));
  };
  // Alone, no lock is needed; that part runs where native calls do not.
  if (mode === 'locked') await updateFileAtomic(path, next);
  else await writeFileAtomic(path, next(await readFile(path)));
}

for (;;) {
  const start = performance.now();
  await transferOnce();
  process.stdout.write(`${(performance.now() - start).toFixed(3)} ${handOverMs.toFixed(3)} ${Number(waited)}\n`);
}
