import { invalidArgType, outOfRange } from '@osx/errors';

const MAX_PID = 2 ** 31 - 1;

/** The number of one process: kill(2) means groups, or everyone, by 0, -1 and other negatives. */
export function checkPid(value: unknown): number {
  if (typeof value !== 'number') throw invalidArgType('pid', 'of type number', value);
  if (Number.isInteger(value) && value >= 1 && value <= MAX_PID) return value;
  throw outOfRange('pid', `the pid of one process, 1 to ${MAX_PID}`, value);
}
