import { checkInteger, invalidArgType, invalidArgValue } from '@osx/errors';

/** The largest signal number of Linux on x64 and arm64 (SIGRTMAX). */
const MAX_SIGNAL = 64;

function numbers(): Readonly<Record<string, number>> {
  return process.getBuiltinModule('node:os').constants.signals;
}

/** The number of a signal given as `'SIGTERM'` or as a number; 0 is the probe of kill(2). */
export function signalNumber(signal: number | string): number {
  if (typeof signal === 'number') return checkInteger('signal', signal, { min: 0, max: MAX_SIGNAL });
  if (typeof signal !== 'string') throw invalidArgType('signal', 'a signal number or name', signal);
  const number = Object.hasOwn(numbers(), signal) ? numbers()[signal] : undefined;
  if (number === undefined) throw invalidArgValue('signal', 'the name of a signal, such as SIGTERM', signal);
  return number;
}

/** The first name that Node has for a signal: of synonyms (SIGABRT, SIGIOT) the usual one. */
export function signalName(number: number): string {
  return Object.entries(numbers()).find(([, value]) => value === number)?.[0] ?? `SIG${number}`;
}
