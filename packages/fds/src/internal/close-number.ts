import { closeSync } from 'node:fs';

import { closeNative } from '../close-native.ts';
import { withSystemErrors } from './node-error.ts';

/** Who opened a descriptor, and so who must close it: Node's `fs`, or a native call. */
export type FdOrigin = 'node' | 'native';

export function closeNumber(number: number, origin: FdOrigin): void {
  if (origin === 'native') closeNative(number);
  else withSystemErrors(() => closeSync(number));
}
