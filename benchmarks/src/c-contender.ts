import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Contender } from './measure.ts';

const run = promisify(execFile);

/** Times a program of `c/`, which prints the nanoseconds that its loop took: its start is not counted. */
export function cContender(name: string, program: string, args: readonly string[]): Contender {
  return {
    name,
    async run(iterations) {
      const { stdout } = await run(program, [...args, String(iterations)]);
      return Number(stdout);
    },
  };
}
