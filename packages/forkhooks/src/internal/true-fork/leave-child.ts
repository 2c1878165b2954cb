import { writeSync } from 'node:fs';

import { exitNow } from './native-calls.ts';

/** Exit codes of an uncaught error, and of a promise that nothing can settle any more, as Node has them. */
export const FAILED = 1;
export const UNSETTLED = 13;

/** Ends the child: with a number as its exit code, and with `process.exitCode` where there is none. */
export function leave(code?: unknown): never {
  exitNow(Number(typeof code === 'number' ? code : (process.exitCode ?? 0)) & 0xff);
  throw new Error('_exit returned');
}

/** Says the error and ends the child. */
export function fail(error: unknown): never {
  reportOnStderr(error);
  exitNow(FAILED);
  throw error;
}

export function reportOnStderr(error: unknown): void {
  const { inspect } = process.getBuiltinModule('node:util');
  try {
    writeSync(2, `Uncaught in the forked child ${process.pid}: ${inspect(error)}\n`);
  } catch {
    // Nobody reads it.
  }
}
