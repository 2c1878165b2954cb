import { readFileSync } from 'node:fs';

import { isNativeAvailable } from '@osx/native-ffi';

import { restoreDisposition, saveDisposition } from './disposition.ts';
import type { SavedDisposition } from './disposition.ts';

/**
 * Lets Node listen to a signal, and remembers what the process did about it before: what to put back when nobody listens any
 * more. Nothing for the default, which Node sets again itself, and without the native layer.
 */
export function listenRemembering(number: number, listen: () => unknown): SavedDisposition | undefined {
  const found = isDefault(number) === true || !isNativeAvailable() ? undefined : saveDisposition(number);
  listen();
  return found === undefined || isInForce(found) ? undefined : found;
}

/** The first member of `struct sigaction`, on every platform of 64 bits; glibc leaves rubbish in the mask behind it. */
const HANDLER_BYTES = 8;

/**
 * Whether listening has changed nothing: libuv had its handler there for somebody else, by another name of the signal or another
 * copy of this package. Put back when both have gone, it would swallow the signal.
 */
function isInForce({ number, action }: SavedDisposition): boolean {
  const now = saveDisposition(number).action;
  return Buffer.compare(now.subarray(0, HANDLER_BYTES), action.subarray(0, HANDLER_BYTES)) === 0;
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
