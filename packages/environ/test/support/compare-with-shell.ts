import * as fc from 'fast-check';
import { expandVariables, ExpansionError } from '@osx/environ';
import { expect } from 'vitest';

import { expandByShell, refused, samplesFor, type Outcome, type Sample } from './shell-oracle.ts';

const batch = 60;

/**
 * Expands random texts in random environments by us and by a shell.
 *
 * @param count About how many.
 * @param options `seed` repeats a search. `ours` is what is compared.
 * @returns How many it were.
 */
export function compareWithShell(
  shell: 'bash' | 'dash',
  count: number,
  { seed, ours = expandOurs }: { seed?: number; ours?: (sample: Sample) => Outcome } = {},
): number {
  let compared = 0;
  const samples = fc.array(samplesFor(shell), { minLength: 1, maxLength: batch, size: 'max' });
  const property = fc.property(samples, (list) => {
    compared += list.length;
    const theirs = expandByShell(shell, list, 'C.UTF-8');
    for (const [index, sample] of list.entries()) expect([sample, ours(sample)]).toEqual([sample, theirs[index]]);
  });
  fc.assert(property, { numRuns: Math.ceil((2 * count) / batch), ...(seed !== undefined && { seed }) });
  return compared;
}

/** An environment of our own kind must not be changed by it, so it is frozen. */
export function expandOurs({ text, environ }: Sample): Outcome {
  try {
    return expandVariables(text, { environ: Object.freeze({ ...environ }) });
  } catch (error) {
    if (error instanceof ExpansionError) return refused;
    throw error;
  }
}
