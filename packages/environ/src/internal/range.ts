import { invalidArgType, invalidArgValue, outOfRange } from '@osx/errors';

/** Inclusive bounds of a number. */
export interface Bounds {
  readonly min?: number | undefined;
  readonly max?: number | undefined;
}

/** A test of bounds, and the words for them: ` from 1 to 65535`. */
export interface Range {
  readonly words: string;
  has(value: number): boolean;
}

/** @param show How a bound is written in the words. */
export function rangeOf(options: Bounds, show: (bound: number) => string = String): Range {
  const min = checkBound('options.min', options.min) ?? -Infinity;
  const max = checkBound('options.max', options.max) ?? Infinity;
  if (min > max) throw outOfRange('options.max', `>= ${min}`, max);
  return { words: wordsOf(min, max, show), has: (value) => value >= min && value <= max };
}

function checkBound(name: string, bound: unknown): number | undefined {
  if (bound === undefined) return undefined;
  if (typeof bound !== 'number') throw invalidArgType(name, 'of type number', bound);
  if (Number.isNaN(bound)) throw invalidArgValue(name, 'a number', bound);
  return bound;
}

function wordsOf(min: number, max: number, show: (bound: number) => string): string {
  if (min === -Infinity) return max === Infinity ? '' : ` of at most ${show(max)}`;
  return max === Infinity ? ` of at least ${show(min)}` : ` from ${show(min)} to ${show(max)}`;
}
