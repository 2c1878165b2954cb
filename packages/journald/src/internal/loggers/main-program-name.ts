import { readFileSync } from 'node:fs';
import { basename, extname } from 'node:path';

/**
 * The name of the program in whose Worker this runs: there `process.argv` has the Worker's file. `undefined` on the main
 * thread, and where the system does not tell.
 */
export function mainProgramName(): string | undefined {
  if (process.getBuiltinModule('node:worker_threads').isMainThread) return undefined;
  try {
    const args = readFileSync('/proc/self/cmdline', 'utf8').split('\0').slice(0, -1);
    const script = args[1 + process.execArgv.length];
    return basename(script ?? process.execPath, extname(script ?? '')) || undefined;
  } catch {
    return undefined;
  }
}
