// Eight processes share one JSON file, are killed at random and meet a full disk, and the file is always right.
// Usage: demo.ts [--seconds N]
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';

import { sweepTemporaries } from '@osx/atomics';
import { isNativeAvailable } from '@osx/native-ffi';

import { auditLedger, openLedger, parseLedger, renderLedger, totalOf } from './ledger.ts';
import { fillSmallDisk } from './small-disk.ts';
import { Writers } from './writers.ts';

const { values } = parseArgs({ options: { seconds: { type: 'string', default: '10' } } });
const seconds = Number(values.seconds);
if (!(seconds > 0)) throw new RangeError(`--seconds must be a number above 0, got ${values.seconds}`);

const native = isNativeAvailable();
const count = native ? 8 : 1;
const directory = mkdtempSync(join(tmpdir(), 'osx-ledger-'));
const path = join(directory, 'ledger.json');
const faults: string[] = [];

try {
  writeFileSync(path, renderLedger(openLedger()));
  const before = totalOf(parseLedger(readFileSync(path)));
  if (!native) console.log('No native calls here (koffi has no binary for this platform): one writer, without a lock.');
  console.log(
    `${count} processes move amounts in one JSON file for ${seconds} s; one is killed every 200 to 400 ms.\n`,
  );

  const { writers, looks } = await runWriters();
  const disk = await fillSmallDisk(directory);
  const swept = process.platform === 'linux' ? await sweepLitter() : undefined;

  if (writers.figures.kills === 0) faults.push('nothing was killed, so nothing was shown');
  faults.push(...writers.failures, ...disk.faults, ...auditLedger(readFileSync(path), writers.figures.acknowledged));
  const ledger = parseLedger(readFileSync(path));
  const { acknowledged, kills, waits, longestHandOverMs, longestUpdateMs } = writers.figures;
  const rows: [string, string][] = [
    ['transfers in the file', `${ledger.transfers} (${acknowledged} acknowledged before a kill could hide it)`],
    ['writers killed (SIGKILL)', String(kills)],
    ['looks at the file meanwhile', `${looks}, each whole and balanced`],
    ['waits', `${waits} transfers waited for another; the longest update took ${longestUpdateMs.toFixed(1)} ms`],
    ['longest hand-over', `${longestHandOverMs.toFixed(1)} ms from one transfer to the next, kills included`],
    ['full disk', disk.skipped ?? `${disk.code ?? 'no error'}, and the old ${disk.bytesKept} bytes are all there`],
    ['litter of the killed', swept ?? 'not swept: telling the dead from the living needs Linux'],
    ['total', `${before} before, ${totalOf(ledger)} after`],
  ];
  console.log(`\n${rows.map(([name, value]) => `  ${name.padEnd(30)}${value}`).join('\n')}\n`);
} finally {
  rmSync(directory, { recursive: true, force: true });
}

if (faults.length > 0) {
  console.log(`WRONG:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`);
  process.exitCode = 1;
} else {
  console.log('The file was never wrong.');
}

async function runWriters(): Promise<{ writers: Writers; looks: number }> {
  const writers = new Writers(path, count, native ? 'locked' : 'alone');
  await writers.allWorking();
  const end = performance.now() + seconds * 1000;
  let looks = 0;
  let nextKill = performance.now() + 500;
  let nextLine = 0;
  while (performance.now() < end && faults.length === 0) {
    // A reader takes no lock: it sees the old file or the new one.
    faults.push(...auditLedger(readFileSync(path), 0));
    looks++;
    if (performance.now() >= nextKill) {
      await writers.killOne();
      nextKill = performance.now() + 200 + Math.random() * 200;
    }
    if (performance.now() >= nextLine) {
      showProgress(`${Math.ceil((end - performance.now()) / 1000)} s left`, writers);
      nextLine = performance.now() + (process.stdout.isTTY ? 100 : 1000);
    }
    await sleep(10);
  }
  await writers.stop();
  showProgress('done', writers);
  if (process.stdout.isTTY) process.stdout.write('\n');
  return { writers, looks };
}

function showProgress(state: string, { figures }: Writers): void {
  const line = `  ${state.padEnd(10)} ${figures.acknowledged} transfers, ${figures.kills} kills`;
  process.stdout.write(process.stdout.isTTY ? `\r${line}` : `${line}\n`);
}

/** Removes what killed writers left, and complains of anything that is not known afterwards. */
async function sweepLitter(): Promise<string> {
  const found = temporaries();
  await sweepTemporaries(directory);
  const left = temporaries();
  if (left.length > 0) faults.push(`litter is left: ${left.join(', ')}`);
  return `${found.length - left.length} swept, ${left.length} left`;
}

function temporaries(): string[] {
  const known = [basename(path), `${basename(path)}.lock`];
  return readdirSync(directory).filter((name) => !known.includes(name));
}
