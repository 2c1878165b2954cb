import type { ChildProcess, StdioOptions } from 'node:child_process';
import type { Socket } from 'node:net';
import type { Readable } from 'node:stream';

import { SystemError, throwIfAborted, UnsupportedError } from '@osx/errors';

import { needRoom } from '../../select-backend.ts';
import { watchByGuardian } from '../guardian/guardian-client.ts';
import { TREE_VARIABLE, treeMark } from '../guardian/tree-mark.ts';
import { entryFile } from './entry-file.ts';
import { envCommand } from './env-command.ts';
import { HeldEvents, nameAfter } from './held-events.ts';
import { inheritableFds } from './inheritable-fds.ts';
import { HIDDEN_VARIABLES, hiddenName, type LaunchFailure, type LaunchPlan } from './launch-plan.ts';
import type { LaunchRequest } from './launch-request.ts';
import { asErrorOfProgram, spawnError } from './spawn-error.ts';

/** Who takes part in the pact. */
export interface Keepers {
  readonly isGuarded: boolean;
  readonly isArmed: boolean;
}

/** Starts the program by a Node that waits until the guardian knows it, arms the pact, and becomes the program. */
export async function launchByNode(request: LaunchRequest, { isGuarded, isArmed }: Keepers): Promise<ChildProcess> {
  const { file, args, argv0, uid, gid, options, deathSignal, graceMs, tree, cgroup } = request;
  const { spawn } = process.getBuiltinModule('node:child_process');
  const layout = stdioLayout(options.stdio);
  const node = [process.execPath, entryFile('launcher'), String(layout.channel)];
  const [launcher = '', ...words] = envWords(layout).concat(node);
  const mark = tree ? treeMark() : undefined;
  const environment = environmentOf(request, mark);
  // It begins with our rights.
  const isOtherUser = uid !== undefined || gid !== undefined;
  const child = spawn(launcher, words, {
    ...options,
    stdio: layout.stdio,
    env: launcherEnvironment(environment, isOtherUser),
  });
  const events = new HeldEvents(child);
  nameAfter(child, file, [argv0 ?? file, ...args]);
  const channel = takeChannel(child, layout.channel);
  try {
    if (child.pid === undefined) return await events.failed;
    if (isGuarded) {
      if (cgroup !== undefined) needRoom('cgroups', 'a cgroup for a tree').openCgroup(cgroup).add(child.pid);
      const ward = { pid: child.pid, signal: deathSignal, graceMs, mark: mark?.id, cgroup };
      await Promise.race([watchByGuardian(ward), events.failed, deathOf(events)]);
    }
    const plan: LaunchPlan = {
      file,
      argv: [argv0 ?? file, ...args],
      uid,
      gid,
      deathSignal: isArmed ? deathSignal : undefined,
      parentPid: process.pid,
      fds: layout.programFds,
      environment: isOtherUser ? environment : undefined,
      hidden: hiddenOf(environment, layout, options.serialization),
    };
    channel.write(`${JSON.stringify(plan)}\n`);
    const answer = await Promise.race([textOf(channel), events.failed]);
    if (answer !== '') throw spawnError((JSON.parse(answer) as LaunchFailure).errno, file, args);
    events.release();
    return child;
  } catch (error) {
    // It ends without a plan. Nobody is to see of it, nor a zombie.
    channel.destroy();
    await events.ended;
    throwIfAborted(options.signal);
    throw asErrorOfProgram(error, launcher, file, args);
  }
}

interface StdioLayout {
  readonly stdio: StdioOptions;
  /** The launcher's end of the channel. */
  readonly channel: number;
  readonly ipc: number;
  readonly programFds: readonly number[];
}

/** What the caller wants, and the channel at the first number that is nobody's. */
function stdioLayout(wanted: StdioOptions | undefined): StdioLayout {
  const entries = typeof wanted === 'string' ? [wanted, wanted, wanted] : [...(wanted ?? [])];
  while (entries.length < 3) entries.push(undefined);
  const inherited = inheritableFds();
  const own = entries.flatMap((entry, fd) =>
    fd > 2 && (entry === 'ignore' || entry === null || entry === undefined) ? [] : [fd],
  );
  const ipc = entries.indexOf('ipc');
  const channel = entries.length;
  let free = channel;
  while (inherited.includes(free)) free += 1;
  const padding = Array.from({ length: free - channel }, () => 'ignore' as const);
  return {
    stdio: [...entries, ...padding, 'pipe'],
    channel: free,
    ipc,
    programFds: [...new Set([...own, ...inherited])],
  };
}

function envWords({ ipc }: StdioLayout): readonly string[] {
  const words = envCommand();
  if (words.length > 0 || ipc === -1) return words;
  throw new UnsupportedError({ feature: "stdio 'ipc' under this pact", requires: 'env(1) in /usr/bin or /bin' });
}

/** The program's, with the mark of its tree. */
function environmentOf({ environment }: LaunchRequest, mark: { value: string } | undefined): Record<string, string> {
  const result: Record<string, string> = {};
  // As child_process does, inherited ones too.
  for (const name in environment) {
    const value = environment[name];
    if (value !== undefined) result[name] = value;
  }
  if (mark !== undefined) result[TREE_VARIABLE] = mark.value;
  return result;
}

/** Where no env(1) takes away what is hidden, we do; and where the rest might be obeyed by the loader with our rights. */
function launcherEnvironment(environment: Record<string, string>, isOtherUser: boolean): Record<string, string> {
  const hidden: readonly string[] = HIDDEN_VARIABLES;
  const renamed = hidden.map(hiddenName);
  const entries = Object.entries(environment).filter(([name]) =>
    hidden.includes(name) ? envCommand().length > 0 : !isOtherUser && !renamed.includes(name),
  );
  return Object.fromEntries(entries);
}

function hiddenOf(
  environment: Record<string, string>,
  { ipc }: StdioLayout,
  serialization: string | undefined,
): Record<string, string> {
  const given = HIDDEN_VARIABLES.flatMap((name) => {
    const value = environment[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  const hidden: Record<string, string> = Object.fromEntries(given);
  if (ipc === -1) return hidden;
  return { ...hidden, NODE_CHANNEL_FD: String(ipc), NODE_CHANNEL_SERIALIZATION_MODE: serialization ?? 'json' };
}

/** Takes the channel out of what the caller sees. */
function takeChannel(child: ChildProcess, index: number): Socket {
  const stdio = child.stdio as unknown as (Socket | null)[] | undefined;
  const channel = stdio?.[index] as Socket;
  if (stdio !== undefined) stdio.length = Math.min(stdio.length, index);
  // The launcher may end without reading its plan.
  channel?.on('error', () => {});
  return channel;
}

/** What was said until the end: by the launcher's failure, or by its becoming the program. */
async function textOf(channel: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of channel) chunks.push(chunk as Buffer);
  } catch {
    // ECONNRESET: it ended before it had read its plan.
  }
  return Buffer.concat(chunks).toString();
}

/** Rejects when the launcher ends while it waits. */
async function deathOf(events: HeldEvents): Promise<never> {
  await events.ended;
  throw new SystemError({
    code: 'ESRCH',
    syscall: 'execvp',
    message: 'the process was killed before its program began',
  });
}
