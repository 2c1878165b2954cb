import type { ChildProcess } from 'node:child_process';

import { invalidArgValue, throwIfAborted, UnsupportedError } from '@osx/errors';

import { needRoom } from '../../select-backend.ts';
import { HeldEvents } from './held-events.ts';
import { launchByNode } from './launch-by-node.ts';
import { launchBySetpriv } from './launch-by-setpriv.ts';
import type { LaunchRequest } from './launch-request.ts';
import { findProgram } from './find-program.ts';
import { launchPrefix } from './launch-prefix.ts';

const SIGKILL = 9;

/** Starts the program by the cheapest way that keeps its pact. */
export async function launch(request: LaunchRequest): Promise<ChildProcess> {
  const { pact, tree, graceMs, deathSignal } = request;
  throwIfAborted(request.options.signal);
  if (pact === 'none') return await launchBare(request);
  // Says what is missing before anything is started.
  needRoom('pidfd', 'a death pact of a program');
  const { isMainThread } = process.getBuiltinModule('node:worker_threads');
  const program = findProgram(request);
  if (pact === 'parent-death-signal') checkKernelAlone(request, isMainThread, program.isSetId);
  const isGuarded = pact === 'process' || tree || graceMs !== undefined || !isMainThread || program.isSetId;
  // The kernel would end the root of a tree before the guardian has seen whose parent it is; and it sends once for each
  // thread of this process that was the parent, where a program that is given time must not be told twice.
  const isKernels = !tree && (deathSignal === SIGKILL || !isGuarded);
  const isArmed = isKernels && isMainThread && pact !== 'process';
  const prefix = isGuarded || !program.isPlain ? undefined : launchPrefix(request);
  return await (prefix === undefined
    ? launchByNode(request, { isGuarded, isArmed })
    : launchBySetpriv(request, prefix));
}

function checkKernelAlone({ tree, graceMs, file }: LaunchRequest, isMainThread: boolean, isSetId: boolean): void {
  if (tree || graceMs !== undefined) {
    throw invalidArgValue('options.pact', "'best' or 'process' with tree or graceMs", 'parent-death-signal');
  }
  if (!isMainThread) {
    throw new UnsupportedError({
      feature: "the pact 'parent-death-signal' in a Worker",
      requires:
        "the main thread, or the pact 'process': the signal is sent at the end of the thread that started the child",
    });
  }
  if (!isSetId) return;
  throw new UnsupportedError({
    feature: `the pact 'parent-death-signal' for ${file}`,
    requires: "a program that is not set-id, for which the kernel takes the signal off, or the pact 'process'",
  });
}

async function launchBare({ file, args, argv0, uid, gid, options }: LaunchRequest): Promise<ChildProcess> {
  const { spawn } = process.getBuiltinModule('node:child_process');
  const child = spawn(file, args, { ...options, ...defined({ argv0, uid, gid }) });
  const events = new HeldEvents(child);
  if (child.pid === undefined) return await events.failed;
  events.release();
  return child;
}

function defined<T extends object>(options: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as never;
}
