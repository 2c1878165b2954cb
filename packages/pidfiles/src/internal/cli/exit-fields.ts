import type { ProcessExit } from '../../pinned-process.ts';

/** How a process ended, for JSON; nothing where the kernel did not tell. */
export function exitFields(exit: ProcessExit | undefined): object {
  return exit === undefined ? {} : { code: exit.code, signal: exit.signal };
}
