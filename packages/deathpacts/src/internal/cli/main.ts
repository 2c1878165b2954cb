import { readFileSync } from 'node:fs';

import { asSystemError, errnoName, hasCode, isSystemError, isUnsupportedError, strerror } from '@osx/errors';
import { raiseDefault } from '@osx/signals';

import { needRoom } from '../../select-backend.ts';
import { executeProgram } from '../launch/execute-program.ts';
import { findProgram } from '../launch/find-program.ts';
import { EXIT } from './exit-codes.ts';
import { HELP } from './help.ts';
import { parseArguments, type Arguments } from './parse-arguments.ts';
import { complain, printText } from './print.ts';
import { rawArguments } from './raw-arguments.ts';
import { supervise } from './supervise.ts';
import { UsageError } from './usage-error.ts';

const SIGKILL = 9;
const SIGTERM = 15;

/**
 * The command `deathpact`: becomes the program that it is given, or stays with it, and ends as that does.
 *
 * @param argv `process.argv` from the first argument on.
 * @param manifest Where the package.json is that says the version.
 */
export async function main(argv: readonly string[], manifest: URL): Promise<void> {
  // Before anything that takes time: whoever is the parent now is the one that is meant.
  const { ppid } = process;
  try {
    process.exitCode = await run(parseArguments(rawArguments(argv)), ppid, manifest);
  } catch (error) {
    complain(error instanceof Error ? error.message : String(error));
    process.exitCode = exitCodeOf(error);
  }
}

async function run(args: Arguments, ppid: number, manifest: URL): Promise<number> {
  if (args.help) return say(HELP);
  if (args.version) return say((JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version);
  const { tree, graceMs, parentPid = ppid } = args;
  const signal = args.signal ?? (graceMs === undefined ? SIGKILL : SIGTERM);
  const [file = Buffer.alloc(0)] = args.command;
  const { isSetId } = findProgram({ file: file.toString(), environment: process.env, options: {} });
  // The kernel takes its signal off when it executes a set-id program: then the guardian is needed.
  const isSupervised = tree || graceMs !== undefined || isSetId;
  if (!arm(isSupervised ? SIGKILL : signal, parentPid)) {
    raiseDefault(signal);
    return EXIT.system;
  }
  if (!isSupervised) return cannotRun(file, executeProgram({ file, argv: args.command, fds: [0, 1, 2] }));
  try {
    return await supervise(args.command.map(String), { signal, graceMs, tree });
  } catch (error) {
    if (!hasCode(error, ['ENOENT', 'EACCES']) || !('path' in error)) throw error;
    return cannotRun(file, (error as NodeJS.ErrnoException).errno ?? 0);
  }
}

/** @returns Whether the parent is still the one that is meant; 0 is one outside of this pid namespace. */
function arm(signal: number, parentPid: number): boolean {
  const { setParentDeathSignal } = needRoom('prctl', 'a parent-death signal');
  try {
    setParentDeathSignal(signal, { parentPid });
    return true;
  } catch (error) {
    if (isSystemError(error, 'ESRCH')) return false;
    throw error;
  }
}

function say(text: string): number {
  printText(text);
  return EXIT.done;
}

function cannotRun(file: Buffer, errno: number): number {
  complain(`${strerror(errno)}: '${file.toString()}'`);
  return errnoName(errno) === 'ENOENT' ? EXIT.commandNotFound : EXIT.cannotExecute;
}

function exitCodeOf(error: unknown): number {
  if (error instanceof UsageError) return EXIT.usage;
  if (isUnsupportedError(error) || hasCode(error, 'ERR_OSX_NATIVE_UNAVAILABLE')) return EXIT.unsupported;
  return isSystemError(asSystemError(error)) ? EXIT.system : EXIT.internal;
}
