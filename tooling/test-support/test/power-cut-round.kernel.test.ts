import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { expectNoNewFds, mountImage, needs, openFds, powerCutRound } from '@osx/test-support';
import type { ImageMount } from '@osx/test-support';

const writer = new URL('./fixtures/power-cut-writer.ts', import.meta.url);
const PAUSE_MS = '2';

/** Names of the writer's files that are not whole, and acknowledged ones that are not there. */
async function cut(
  disk: ImageMount,
  protocol: string,
): Promise<{ torn: string[]; lost: string[]; acknowledged: number }> {
  const { directory, acknowledged } = await powerCutRound(disk, writer, [protocol, PAUSE_MS]);
  const finished = readdirSync(directory).filter((name) => !name.endsWith('.new'));
  const content = (name: string): string => readFileSync(join(directory, name), 'utf8');
  return {
    torn: finished.filter((name) => content(name) !== `${name}\n`.repeat(200)),
    lost: acknowledged.filter((name) => !existsSync(join(directory, name))),
    acknowledged: acknowledged.length,
  };
}

for (const type of ['ext4', 'xfs'] as const) {
  const { test } = type === 'xfs' ? needs('loop-mount', 'python3', 'xfsprogs') : needs('loop-mount', 'python3');

  test(`${type}: a writer that syncs file and directory loses nothing`, { timeout: 60_000 }, async () => {
    using disk = mountImage(type);
    const before = openFds();
    for (let round = 0; round < 3; round += 1) {
      const { torn, lost, acknowledged } = await cut(disk, 'full');
      expect({ torn, lost }).toEqual({ torn: [], lost: [] });
      expect(acknowledged).toBeGreaterThanOrEqual(10);
    }
    expectNoNewFds(before);
  });

  test(`${type}: a writer that does not sync is caught with torn files`, { timeout: 60_000 }, async () => {
    using disk = mountImage(type);
    let torn = 0;
    for (let round = 0; round < 5 && torn === 0; round += 1) torn += (await cut(disk, 'no-sync')).torn.length;
    expect(torn).toBeGreaterThan(0);
  });

  test(
    `${type}: a writer that does not sync the directory is caught losing acknowledged files`,
    { timeout: 60_000 },
    async () => {
      using disk = mountImage(type);
      let lost = 0;
      for (let round = 0; round < 30 && lost === 0; round += 1) {
        const result = await cut(disk, 'no-directory-sync');
        expect(result.torn).toEqual([]);
        lost += result.lost.length;
      }
      expect(lost).toBeGreaterThan(0);
    },
  );
}

needs('loop-mount', 'python3').test(
  'a writer that ends by itself is an error that shows its standard error',
  async () => {
    using disk = mountImage('ext4');
    const failing = powerCutRound(disk, new URL('./fixtures/fail-after-ready.ts', import.meta.url));
    await expect(failing).rejects.toThrow(/ended by itself: .*"code":4[^]*the reason is on standard error/);
    disk.remount();
  },
);
