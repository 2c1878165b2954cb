import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { sweepTemporaries } from '@osx/atomics';
import { mountImage, powerCutRound } from '@osx/test-support';

const writer = new URL('./fixtures/power-cut-writer.ts', import.meta.url);

/** What rounds of power cuts found, added up. */
export interface PowerCutFindings {
  rounds: number;
  acknowledged: number;
  torn: number;
  lost: number;
  litter: number;
}

/** Cuts the power `rounds` times under a writer and counts torn files, and acknowledged writes that are gone. */
export async function cutPower(type: 'ext4' | 'xfs', how: string, rounds: number): Promise<PowerCutFindings> {
  using disk = mountImage(type);
  const findings = { rounds: 0, acknowledged: 0, torn: 0, lost: 0, litter: 0 };
  for (; findings.rounds < rounds; findings.rounds++) {
    const { directory, acknowledged } = await powerCutRound(disk, writer, [how]);
    const last = Number(acknowledged.at(-1) ?? 0);
    findings.acknowledged += last;
    const names = new Set(readdirSync(directory));
    for (const name of names) {
      if (/^new-\d+$/.test(name) && numberIn(join(directory, name)) !== Number(name.slice(4))) findings.torn++;
    }
    for (let number = 1; number <= last; number++) if (!names.has(`new-${number}`)) findings.lost++;
    const replaced = names.has('replaced') ? numberIn(join(directory, 'replaced')) : 0;
    if (replaced === undefined) findings.torn++;
    else if (replaced < last) findings.lost++;
    await sweepTemporaries(directory);
    findings.litter += readdirSync(directory).filter((name) => name.endsWith('.osx-tmp')).length;
  }
  return findings;
}

/** The number that a whole file is made of; undefined for a torn one. */
function numberIn(path: string): number | undefined {
  const text = readFileSync(path, 'utf8');
  const number = Number.parseInt(text, 10);
  return text === `${number}\n`.repeat(2000) ? number : undefined;
}
