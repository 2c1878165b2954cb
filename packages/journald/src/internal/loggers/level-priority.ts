import { parsePriority } from '../../priority.ts';
import type { LoggerRules } from './checked-rules.ts';

const INFO = 6;

/**
 * Names that syslog(3) does not have, of pino, winston's sets and the console. Within each set the order is kept: what is
 * less urgent there is not more urgent here.
 */
const PRIORITY_OF_NAME: ReadonlyMap<string, number> = new Map([
  ['fatal', 2],
  ['help', 5],
  ['success', 5],
  ['log', INFO],
  ['data', INFO],
  ['http', INFO],
  ['verbose', 7],
  ['prompt', 7],
  ['input', 7],
  ['silly', 7],
  ['trace', 7],
]);

/** The priority of a level by its name; `undefined` for one that nobody knows. */
export function priorityOfName({ priorities }: LoggerRules, name: string): number | undefined {
  const known = priorities.get(name) ?? PRIORITY_OF_NAME.get(name.toLowerCase());
  if (known !== undefined) return known;
  // A name that is a number is one of another scale.
  if (/^\d*$/.test(name)) return undefined;
  try {
    return parsePriority(name);
  } catch {
    return undefined;
  }
}

/** The priority of a level that nobody knows. */
export const UNKNOWN_LEVEL = INFO;

/** pino's scale: 10 trace, 20 debug, 30 info, 40 warn, 50 error, 60 fatal. What is above info and below warn is a notice. */
export function priorityOfNumber({ priorities }: LoggerRules, level: number): number {
  const known = priorities.get(String(level));
  if (known !== undefined) return known;
  if (level >= 60) return 2;
  if (level >= 50) return 3;
  if (level >= 40) return 4;
  if (level > 30) return 5;
  return level === 30 ? INFO : 7;
}
