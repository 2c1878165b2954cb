import type { ChildProcess } from 'node:child_process';

import { HeldEvents, nameAfter } from './held-events.ts';
import type { LaunchRequest } from './launch-request.ts';
import { asErrorOfProgram } from './spawn-error.ts';

/** Starts the program behind the words that arm the pact; nothing is left of them once it runs. */
export async function launchBySetpriv(
  { file, args, options }: LaunchRequest,
  [launcher = '', ...words]: readonly string[],
): Promise<ChildProcess> {
  const { spawn } = process.getBuiltinModule('node:child_process');
  const child = spawn(launcher, [...words, file, ...args], options);
  const events = new HeldEvents(child);
  nameAfter(child, file, [file, ...args]);
  if (child.pid === undefined) await failure(events, launcher, file, args);
  events.release();
  return child;
}

async function failure(events: HeldEvents, launcher: string, file: string, args: readonly string[]): Promise<never> {
  try {
    return await events.failed;
  } catch (error) {
    throw asErrorOfProgram(error, launcher, file, args);
  }
}
