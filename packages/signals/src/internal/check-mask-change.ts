import { checkOneOf, invalidArgValue } from '@osx/errors';

import { checkSignals } from './check-signals.ts';
import { nameOf } from './signal-names.ts';

/** The numbers that a change of a mask names, once it can be done as asked. */
export function checkMaskChange(how: unknown, signals: unknown): number[] {
  const change = checkOneOf('how', how, ['block', 'unblock', 'set']);
  const numbers = checkSignals('signals', signals);
  const impossible = numbers.map((number) => nameOf(number)).find((name) => name === 'SIGKILL' || name === 'SIGSTOP');
  if (impossible !== undefined && change !== 'unblock') {
    throw invalidArgValue('signals', `without ${impossible}, which cannot be blocked`, signals);
  }
  return numbers;
}
