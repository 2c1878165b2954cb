import { constants, fstatSync, lstatSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { linuxConstants } from '@osx/native-ffi';
import { temporaryDirectory } from '@osx/test-support';
import * as fc from 'fast-check';
import { expect } from 'vitest';

import { ways, type OpenBy } from './ways.ts';

const { O_CREAT, O_DIRECTORY, O_EXCL, O_NOFOLLOW, O_TRUNC, O_WRONLY } = constants;

const part = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom('a', 'b', 'c', 'd') },
  { weight: 3, arbitrary: fc.constantFrom('..') },
  { weight: 2, arbitrary: fc.constantFrom('.', '', 'f') },
);
const anyPath = fc
  .array(part, { minLength: 1, maxLength: 6 })
  .map((parts) => parts.join('/'))
  .filter((text) => text !== '' && !text.startsWith('/'));
const target = fc.oneof({ weight: 9, arbitrary: anyPath }, { weight: 1, arbitrary: anyPath.map((text) => `/${text}`) });
const anyDirectory = fc.constantFrom('.', 'a', 'b', 'a/b', 'b/c');
const link = fc.tuple(anyDirectory, fc.constantFrom('a', 'b', 'c', 'd'), target);

/**
 * One way's end: which of the files that there are, a new one, or a code. EAGAIN is of the rest of the system, whose renames make
 * openat2 unsure of a `..`: then it is asked again.
 */
function outcome(open: OpenBy, base: string, at: string, flags: number): string {
  const known = new Set(inodes(base));
  for (;;) {
    try {
      using fd = open(join(base, 'root'), at, { flags, mode: (flags & O_CREAT) === 0 ? 0 : 0o600 });
      const { ino } = fstatSync(fd.number);
      return known.has(ino) ? `${ino}` : `new in ${newPlace(base, ino)}`;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== 'EAGAIN') return String(code);
    }
  }
}

function inodes(base: string): number[] {
  return entries(base).map(({ ino }) => ino);
}

function newPlace(base: string, ino: number): string | undefined {
  const found = entries(base).find((entry) => entry.ino === ino);
  if (found !== undefined) rmSync(found.path);
  return found?.path;
}

/** Without following links, as `recursive` would. */
function entries(directory: string): { path: string; ino: number }[] {
  return readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    const path = join(directory, entry.name);
    const below = entry.isDirectory() ? entries(path) : [];
    return [{ path, ino: lstatSync(path).ino }, ...below];
  });
}

/** Random trees of links, random paths and flags: every way comes to the same file or the same refusal. */
export function waysAgree(numRuns: number): void {
  using temporary = temporaryDirectory();
  const { O_PATH } = linuxConstants();
  const flags = fc.constantFrom(
    0,
    O_DIRECTORY,
    O_NOFOLLOW,
    O_PATH,
    O_PATH | O_NOFOLLOW,
    O_PATH | O_DIRECTORY,
    O_CREAT | O_WRONLY,
    O_CREAT | O_EXCL | O_WRONLY,
    O_CREAT | O_NOFOLLOW | O_WRONLY,
    O_TRUNC | O_WRONLY,
  );
  const seen = new Map<string, number>();
  let trees = 0;
  fc.assert(
    fc.property(
      fc.array(link, { maxLength: 8 }),
      fc.array(fc.tuple(anyPath, flags), { minLength: 1, maxLength: 12 }),
      (links, openings) => {
        const base = join(temporary.path, `tree-${(trees += 1)}`);
        for (const name of ['a/b/d', 'b/c']) mkdirSync(join(base, 'root', name), { recursive: true });
        for (const name of ['f', 'root/f', 'root/a/f', 'root/a/b/f']) writeFileSync(join(base, name), name);
        for (const [where, name, to] of links) makeLink(join(base, 'root', where, name), to);
        for (const [at, bits] of openings) {
          const ends = ways.map(([, open]) => outcome(open, base, at, bits));
          expect(new Set(ends), `${at} with ${bits.toString(8)}: ${ends.join()}`).toHaveLength(1);
          const kind = /^\d/.test(ends[0] as string) ? 'file' : (ends[0] as string).replace(/ .*/, '');
          seen.set(kind, (seen.get(kind) ?? 0) + 1);
        }
        rmSync(base, { recursive: true });
      },
    ),
    { numRuns },
  );
  expect([...seen.keys()]).toEqual(
    expect.arrayContaining(['file', 'new', 'EXDEV', 'ELOOP', 'ENOENT', 'ENOTDIR', 'EISDIR', 'EEXIST']),
  );
}

function makeLink(at: string, to: string): void {
  try {
    symlinkSync(to, at);
  } catch {
    // Something is there, or the directory above is a link that leads nowhere.
  }
}
