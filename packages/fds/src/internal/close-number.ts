import { closeSync } from 'node:fs';

import { withSystemErrors } from '@osx/errors';

import { closeNative } from '../close-native.ts';

/** Who opened a descriptor, and so who must close it: Node's `fs`, or a native call. */
export type FdOrigin = 'node' | 'native';

export function closeNumber(number: number, origin: FdOrigin): void {
  if (origin === 'native') closeNative(number);
  else withSystemErrors(() => closeSync(number));
}
