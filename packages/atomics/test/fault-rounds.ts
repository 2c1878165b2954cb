import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { sweepTemporaries } from '@osx/atomics';
import { forEveryInjection, temporaryDirectory, type InjectionRound } from '@osx/test-support';

import { newContent, oldContent } from './fixtures/contents.ts';

const fixture = new URL('./fixtures/one-write.ts', import.meta.url);

export interface FaultRound {
  readonly found: 'old' | 'new' | 'missing';
  readonly litter: number;
}

/**
 * Lets one operation fail, or be killed, at the k-th use of a system call, for all k, and checks after each: the target
 * is old or new, whole; a success is new; a failure is old; what is left over is recognised and swept.
 */
export function faultRounds(fault: string, way: string): Promise<InjectionRound<FaultRound>[]> {
  return forEveryInjection(fault, async (inject) => {
    using directory = temporaryDirectory();
    const path = join(directory.path, 'file');
    const read = prepare(path, way);
    const before = read();
    const result = await inject(fixture, [path, way]);
    const found = read();
    const answer = result.stdout.trim();
    const committed = ['done', 'ERR_OSX_NOT_DURABLE', 'ERR_OSX_NOT_REMOVED'].includes(answer);
    if (committed && found !== 'new') throw new Error(`${answer} was said, but the content is ${found}`);
    if (!committed && answer !== '' && found !== before)
      throw new Error(`${answer} was said, but the content is ${found}`);
    const litter = leftovers(directory.path).length;
    // The old tree stays until the new one is durable; and opening is also what removing a tree begins with.
    const mayKeepTree = way === 'swap-dir' && (answer === 'ERR_OSX_NOT_DURABLE' || fault.startsWith('openat:'));
    const mayLeave =
      answer === '' || answer === 'ERR_OSX_NOT_REMOVED' || /^(unlink|rmdir|close):/.test(fault) || mayKeepTree;
    if (litter > 0 && !mayLeave)
      throw new Error(`${answer} was said, and left ${leftovers(directory.path).join(', ')}`);
    const { kept } = await sweepTemporaries(directory.path);
    if (kept.length > 0) throw new Error(`not swept: ${JSON.stringify(kept)}`);
    if (leftovers(directory.path).length > 0)
      throw new Error(`left after the sweep: ${leftovers(directory.path).join(', ')}`);
    return { found, litter };
  });
}

function leftovers(directory: string): string[] {
  return readdirSync(directory).filter((name) => !['file', 'file.made', 'file.lock'].includes(name));
}

function prepare(path: string, way: string): () => FaultRound['found'] {
  if (way === 'swap-dir') {
    mkdirSync(join(path, 'sub'), { recursive: true });
    writeFileSync(join(path, 'sub', 'file'), oldContent);
    return () => contentOf(join(path, 'sub', 'file'));
  }
  writeFileSync(path, oldContent);
  return () => contentOf(way === 'exclusive' ? `${path}.made` : path);
}

function contentOf(path: string): FaultRound['found'] {
  if (!existsSync(path)) return 'missing';
  const content = readFileSync(path);
  if (content.equals(oldContent)) return 'old';
  if (content.equals(newContent)) return 'new';
  throw new Error(`torn: ${statSync(path).size} bytes`);
}
