// Becomes the program that the parent wants, under its pact. Argument: the descriptor of the channel to the parent.
//
// Nothing happens before the plan has come, and it comes when whoever must know of this process does. Should the parent die
// before, the channel ends; should it die later, the kernel's signal is armed, or the guardian knows this pid.
import { readSync, writeSync } from 'node:fs';

import { errnoNumber, hasCode, isSystemError } from '@osx/errors';
import { setCloseOnExec } from '@osx/fds';
import { parseSignal } from '@osx/signals';

import { needRoom } from '../../select-backend.ts';
import { executeProgram } from './execute-program.ts';
import { HIDDEN_VARIABLES, hiddenName, type LaunchFailure, type LaunchPlan } from './launch-plan.ts';

const CHANNEL = Number(process.argv[2]);
const NOT_EXECUTED = 127;

function main(): void {
  const plan = readPlan();
  if (plan === undefined) process.exit(NOT_EXECUTED);
  let failure: LaunchFailure;
  try {
    failure = { errno: launch(plan) };
  } catch (error) {
    failure = { errno: errnoOf(error) };
  }
  writeSync(CHANNEL, JSON.stringify(failure));
  process.exit(NOT_EXECUTED);
}

/** undefined: the parent is gone. */
function readPlan(): LaunchPlan | undefined {
  const chunks: Buffer[] = [];
  const buffer = Buffer.allocUnsafe(65_536);
  for (;;) {
    const count = readSync(CHANNEL, buffer);
    if (count === 0) return undefined;
    chunks.push(Buffer.from(buffer.subarray(0, count)));
    if (buffer[count - 1] === 0x0a) return JSON.parse(Buffer.concat(chunks).toString()) as LaunchPlan;
  }
}

function launch({ file, argv, uid, gid, deathSignal, parentPid, fds, environment, hidden }: LaunchPlan): number {
  setCloseOnExec(CHANNEL, true);
  // The user may not be let into the directory that this package is in: what is needed is loaded before.
  const arm = deathSignal === undefined ? undefined : armingBy(deathSignal);
  becomeUser(uid, gid);
  for (const [name, value] of Object.entries(environment ?? {})) process.env[name] = value;
  restoreEnvironment(hidden);
  // After the change of user, which would clear it.
  arm?.();
  // The parent died before it was armed: nobody would ever send it. 0 is a parent outside of this pid namespace.
  if (process.ppid !== parentPid && process.ppid !== 0) process.exit(NOT_EXECUTED);
  return executeProgram({ file, argv, fds: fds.filter(isOpen) });
}

function becomeUser(uid: number | undefined, gid: number | undefined): void {
  if (uid === undefined && gid === undefined) return;
  try {
    process.setgroups?.([]);
  } catch (error) {
    // Who may not change to another user may still become itself.
    if (!hasCode(error, 'EPERM')) throw error;
  }
  if (gid !== undefined) process.setgid?.(gid);
  if (uid !== undefined) process.setuid?.(uid);
}

/** What env(1) passed on under another name is newer than what the parent knew: a fork hook may have added to it. */
function restoreEnvironment(hidden: LaunchPlan['hidden']): void {
  for (const name of HIDDEN_VARIABLES) {
    const passed = process.env[hiddenName(name)];
    delete process.env[hiddenName(name)];
    const value = passed === undefined || passed === '' ? hidden[name] : passed;
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
}

function armingBy(deathSignal: number): () => void {
  const { setParentDeathSignal } = needRoom('prctl', 'a parent-death signal');
  return () => setParentDeathSignal(parseSignal(deathSignal));
}

function isOpen(fd: number): boolean {
  try {
    setCloseOnExec(fd, true);
    return true;
  } catch (error) {
    if (isSystemError(error, 'EBADF')) return false;
    throw error;
  }
}

function errnoOf(error: unknown): number {
  if (error instanceof Error && 'errno' in error && typeof error.errno === 'number') return error.errno;
  // process.setuid() says EPERM, and no number.
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') {
    return errnoNumber(error.code) ?? 0;
  }
  throw error;
}

main();
