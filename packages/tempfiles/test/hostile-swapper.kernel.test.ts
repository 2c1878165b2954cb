import { existsSync, mkdirSync, readdirSync, renameSync, rmdirSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { needs, spawnFixture, temporaryDirectory } from '@osx/test-support';
import { makeTemporaryDirectorySync } from '@osx/tempfiles';
import { expect } from 'vitest';

const { test } = needs('linux');
const swapper = new URL('./fixtures/swapper.ts', import.meta.url);
const FILES = 10;

/** As removal by path does it: what a name meant when it was looked at is not what it means when it is used. */
function removeByPath(path: string): void {
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    const child = join(path, entry.name);
    try {
      if (entry.isDirectory()) removeByPath(child);
      else unlinkSync(child);
    } catch {
      // It is attacked, and goes on.
    }
  }
  rmdirSync(path);
}

/** The attacker is at work already: what does not succeed is left out. */
function fill(directory: string): void {
  for (let file = -1; file < FILES; file++) {
    try {
      if (file < 0) mkdirSync(directory, { recursive: true });
      else writeFileSync(join(directory, `file ${file}`), '');
    } catch {
      continue;
    }
  }
}

/** How many files of a victim are lost while trees are removed, in which directories are exchanged for symlinks to it. */
async function losses(rounds: number, remove: (arena: string) => void): Promise<number> {
  using directory = temporaryDirectory();
  const victim = join(directory.path, 'victim');
  const arena = join(directory.path, 'arena');
  const graveyard = join(directory.path, 'graveyard');
  mkdirSync(arena);
  mkdirSync(graveyard);
  fill(victim);
  await using attacker = await spawnFixture(swapper, [arena, victim]);
  let lost = 0;
  for (let round = 0; round < rounds && lost === 0; round++) {
    remove(arena);
    for (const name of readdirSync(arena)) renameSync(join(arena, name), join(graveyard, `${name} ${round}`));
    for (let file = 0; file < FILES; file++) if (!existsSync(join(victim, `file ${file}`))) lost += 1;
  }
  attacker.kill('SIGKILL');
  await attacker.exited;
  return lost;
}

function fillTree(path: string): void {
  for (let count = 0; count < 4; count++) fill(join(path, `swapped ${count}`));
}

test('removal under attack: nothing is lost that symlinks lead to', { timeout: 120_000 }, async () => {
  let refused = 0;
  const lost = await losses(60, (arena) => {
    const made = makeTemporaryDirectorySync({ directory: arena });
    fillTree(made.path);
    try {
      made.removeSync();
    } catch {
      // The attacker kept it filled; what is left is moved out of our way.
      made.keep();
      refused += 1;
    }
  });
  expect(lost).toBe(0);
  expect(refused).toBeLessThan(60);
});

test('the mutant, removal by path, loses files of the victim', { timeout: 120_000 }, async () => {
  const lost = await losses(3000, (arena) => {
    const path = join(arena, 'naive');
    fillTree(path);
    try {
      removeByPath(path);
    } catch {
      // As above.
    }
  });
  expect(lost).toBeGreaterThan(0);
});
