import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { forEveryInjection, temporaryDirectory, type InjectionRound } from '@osx/test-support';
import { sweepTemporaryFiles } from '@osx/tempfiles';

const fixture = new URL('./fixtures/one-file.ts', import.meta.url);

export interface FaultRound {
  /** What the program said: a code, or what it did; nothing when it was killed. */
  readonly answer: string;
  readonly litter: number;
}

/**
 * Lets one use of a temporary fail, or be killed, at the k-th use of a system call, for all k, and checks after each: a name that was
 * asked for is not there, or there with the whole file; who is told of an error has no litter, except by an error of the removal itself; and what
 * is left over is known and swept.
 */
export function faultRounds(fault: string, kind: string): Promise<InjectionRound<FaultRound>[]> {
  return forEveryInjection(fault, async (inject) => {
    using directory = temporaryDirectory();
    const { stdout } = await inject(fixture, [directory.path, kind]);
    const answer = stdout.trim();
    const names = readdirSync(directory.path);
    if (names.includes('target')) {
      const content = readFileSync(join(directory.path, 'target'), 'utf8');
      if (content !== 'content') throw new Error(`the name is there with ${JSON.stringify(content)}`);
    } else if (answer.endsWith('linked')) throw new Error('linked was said, and the name is not there');
    const litter = names.filter((name) => name !== 'target');
    // A removal that failed has told so, and what it was to remove is not empty; all that is made and fails is.
    const isFull =
      kind.startsWith('directory') && litter.some((name) => readdirSync(join(directory.path, name)).length > 0);
    const mayLeave = answer === '' || /^(unlink|rmdir|close|link|statx):/.test(fault) || isFull;
    if (litter.length > 0 && !mayLeave) throw new Error(`${answer} was said, and left ${litter.join(', ')}`);
    const { kept } = await sweepTemporaryFiles(directory.path);
    if (kept.length > 0) throw new Error(`not swept: ${JSON.stringify(kept)}`);
    const left = readdirSync(directory.path).filter((name) => name !== 'target');
    if (left.length > 0) throw new Error(`left after the sweep: ${left.join(', ')}`);
    return { answer, litter: litter.length };
  });
}
