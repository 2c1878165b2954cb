import { outOfRange } from '@osx/errors';

import { signalNumber } from './signal-number.ts';

/** The number of a signal that an argument names; 0, which is none, is refused. */
export function checkSignal(argument: string, value: unknown): number {
  const number = signalNumber(argument, value);
  if (number === 0) throw outOfRange(argument, 'a signal; 0 only asks whether a process exists', value);
  return number;
}
