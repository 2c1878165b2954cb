import { readFileSync } from 'node:fs';

import { isNativeAvailable } from '@osx/native-ffi';

import { restoreDisposition, saveDisposition } from './disposition.ts';
import type { SavedDisposition } from './disposition.ts';

/**
 * Remembers what the process does about a signal before Node changes it, unless that is the default, which Node sets
 * again itself. Without the native layer nothing can be remembered.
 */
export function noteDisposition(number: number): SavedDisposition | undefined {
  if (isDefault(number) === true || !isNativeAvailable()) return undefined;
  return saveDisposition(number);
}

/** Puts a disposition back, unless somebody handles or ignores the signal by now. */
export function putBackDisposition(saved: SavedDisposition): void {
  if (isDefault(saved.number) !== false) restoreDisposition(saved);
}

/** Asks the kernel without loading the native layer; undefined where it tells nothing. */
function isDefault(number: number): boolean | undefined {
  if (process.platform !== 'linux') return undefined;
  let status: string;
  try {
    status = readFileSync('/proc/self/status', 'latin1');
  } catch {
    return undefined;
  }
  const bitmaps = [...status.matchAll(/^Sig(?:Ign|Cgt):\s*([0-9a-f]+)$/gm)].map(([, bits]) => BigInt(`0x${bits}`));
  if (bitmaps.length !== 2) return undefined;
  return bitmaps.every((bits) => ((bits >> BigInt(number - 1)) & 1n) === 0n);
}
