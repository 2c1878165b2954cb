import { checkOneOf, invalidArgType, invalidArgValue } from '@osx/errors';

import type { Seal } from '../memfd/seal.ts';
import { SEALS } from './memfd-constants.ts';

const NAMES = Object.keys(SEALS) as Seal[];

/** The seals of a mask, by name. */
export function sealNames(bits: number): Seal[] {
  return NAMES.filter((name) => (bits & SEALS[name]) !== 0);
}

export function sealBits(names: readonly Seal[]): number {
  return names.reduce((bits, name) => bits | SEALS[name], 0);
}

/** The given seals in the kernel's order, so that the newest comes last. */
export function checkSeals(seals: readonly Seal[]): Seal[] {
  if (!Array.isArray(seals)) throw invalidArgType('seals', 'an array', seals);
  if (seals.length === 0) throw invalidArgValue('seals', `at least one of ${NAMES.join(', ')}`, seals);
  for (const seal of seals) checkOneOf('seals', seal, NAMES);
  return NAMES.filter((name) => seals.includes(name));
}
