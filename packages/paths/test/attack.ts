import { mkdirSync, readFileSync, realpathSync, openSync, closeSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { spawnFixture, temporaryDirectory, type FixtureProcess } from '@osx/test-support';

import type { OpenBy } from './ways.ts';

const swapper = new URL('./fixtures/swapper.ts', import.meta.url);

/**
 * A root in which another process exchanges, without end, a directory for a link out (`../outside`), a directory further in for a link
 * that climbs out, a file for a link out, and a directory that has `..` behind it for one that is outside: what the path finds
 * is `inside`, or refused, or the naive way's end: `outside`.
 */
export const attackedPaths = [
  'swap/file',
  'swap/deep/file',
  'sub/swap/file',
  'to-swap/file',
  'last',
  'moved/x/../../inside',
];

export interface AttackedRoot extends AsyncDisposable {
  readonly root: string;
  readonly swapper: FixtureProcess;
}

export async function attackedRoot(): Promise<AttackedRoot> {
  const directory = temporaryDirectory('osx-attack', { on: 'tmpfs' });
  const at = (path: string): string => join(directory.path, path);
  for (const inner of ['root/swap/deep', 'root/sub/swap', 'root/moved/x', 'outside/deep', 'away/x']) {
    mkdirSync(at(inner), { recursive: true });
  }
  for (const file of ['root/swap/file', 'root/swap/deep/file', 'root/sub/swap/file', 'root/last', 'root/inside']) {
    writeFileSync(at(file), 'inside');
  }
  for (const file of ['outside/file', 'outside/deep/file', 'inside']) writeFileSync(at(file), 'outside');
  symlinkSync('../outside', at('root/swap-other'));
  symlinkSync('../../outside', at('root/sub/swap-other'));
  symlinkSync('../outside/file', at('root/last-other'));
  symlinkSync('swap', at('root/to-swap'));
  const pairs = ['swap', 'sub/swap', 'last'].flatMap((name) => [`root/${name}`, `root/${name}-other`]);
  pairs.push('root/moved/x', 'away/x');
  const process = await spawnFixture(swapper, pairs.map(at));
  return {
    root: at('root'),
    swapper: process,
    async [Symbol.asyncDispose]() {
      await process[Symbol.asyncDispose]();
      directory[Symbol.dispose]();
    },
  };
}

/** What `resolutions` openings came to, spread over the attacked paths: contents, or codes of refusals. */
export function attack(root: string, open: OpenBy, resolutions: number): Record<string, number> {
  const ends: Record<string, number> = {};
  for (let count = 0; count < resolutions; count += 1) {
    const path = attackedPaths[count % attackedPaths.length] as string;
    let end: string;
    try {
      using fd = open(root, path);
      end = readFileSync(fd.number, 'utf8');
    } catch (error) {
      end = (error as NodeJS.ErrnoException).code ?? String(error);
    }
    ends[end] = (ends[end] ?? 0) + 1;
  }
  return ends;
}

/** The mutant, kept: looks where the path leads, finds it inside, and opens it, which is another path by then. */
function naively(root: string, path: string): string {
  const real = realpathSync(join(root, path));
  if (!real.startsWith(`${realpathSync(root)}/`)) throw Object.assign(new Error(path), { code: 'EXDEV' });
  const fd = openSync(join(root, path), 'r');
  try {
    return readFileSync(fd, 'utf8');
  } finally {
    closeSync(fd);
  }
}

/** How often the naive way was led out. */
export function naiveEscapes(root: string, resolutions: number, until = Infinity): { escapes: number; tried: number } {
  let escapes = 0;
  let tried = 0;
  for (; tried < resolutions && escapes < until; tried += 1) {
    try {
      if (naively(root, attackedPaths[tried % attackedPaths.length] as string) === 'outside') escapes += 1;
    } catch {
      // Refused, or gone in between.
    }
  }
  return { escapes, tried };
}
