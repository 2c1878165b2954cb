import { errnoName } from '@osx/errors';

/** What child_process emits as `'error'`; it throws the others, and names no program in them. */
const EMITTED = new Set(['EACCES', 'EAGAIN', 'EMFILE', 'ENFILE', 'ENOENT']);

/**
 * The error that child_process has for a program that cannot be started, down to the last field.
 *
 * @param errno Negative.
 */
export function spawnError(errno: number, file: string, args: readonly string[]): NodeJS.ErrnoException {
  const code = errnoName(errno) ?? `E${-errno}`;
  if (!EMITTED.has(code)) return Object.assign(new Error(`spawn ${code}`), { errno, code, syscall: 'spawn' });
  const syscall = `spawn ${file}`;
  return Object.assign(new Error(`${syscall} ${code}`), { errno, code, syscall, path: file, spawnargs: [...args] });
}

/** What child_process said of the launcher, said of the program. */
export function asErrorOfProgram(error: unknown, launcher: string, file: string, args: readonly string[]): unknown {
  if (!(error instanceof Error) || !('syscall' in error) || error.syscall !== `spawn ${launcher}`) return error;
  return spawnError((error as NodeJS.ErrnoException).errno as number, file, args);
}
