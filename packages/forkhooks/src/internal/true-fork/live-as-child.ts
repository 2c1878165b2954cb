import { closeSync } from 'node:fs';

import { linuxConstants } from '@osx/native-ffi';

import { runAfterInChild, type ForkRound } from '../hook-registry.ts';
import { silenceDescriptors, type Descriptors, type Pipe } from './descriptors.ts';
import { markForkedChild } from './forked-child-mark.ts';
import { fail, FAILED, leave, reportOnStderr, UNSETTLED } from './leave-child.ts';
import {
  exitNow,
  getpid,
  getppid,
  prctl,
  readBlocking,
  uvDefaultLoop,
  uvLoopAlive,
  uvLoopFork,
} from './native-calls.ts';
import { releaseSignals } from './signal-mask.ts';

/** What the child finds in its copy of the parent's memory. */
export interface ChildPlan {
  readonly run: () => unknown;
  readonly isAsync: boolean;
  readonly outliveParent: boolean;
  readonly keptFds: ReadonlySet<number>;
  readonly inherited: Descriptors;
  readonly parentPid: number;
  readonly round: ForkRound;
  /** Where the parent says that the copy is sound, and where it would say so. */
  readonly gate: Pipe;
  /** The signals that were blocked before the fork; until the child is one of its own, all are. */
  readonly signalMask: Uint8Array;
}

const SIGKILL = 9;
const LOOK_EVERY_MS = 100;

/**
 * The life of a forked child, to its end: it never returns to the code that forked, except to the event loop when `run` is
 * asynchronous.
 */
export function liveAsChild(plan: ChildPlan): void {
  try {
    waitAtGate(plan);
    becomeChild(plan);
    releaseSignals(plan.signalMask);
    runAfterInChild(plan.round, { pid: plan.parentPid, threadId: 0 }, reportOnStderr);
    const result = plan.run();
    if (!isThenable(result)) leave(result);
    if (!plan.isAsync) throw new TypeError('a child of forkProcessSync cannot wait for a promise: use forkProcess');
    leaveWhenSettled(result);
  } catch (error) {
    fail(error);
  }
}

/** Until the parent has looked whether the copy is sound, the child does nothing. */
function waitAtGate({ gate, outliveParent, parentPid }: ChildPlan): void {
  const { readEnd, writeEnd } = gate;
  // Only the parent shall have it: its end is an answer, too.
  closeSync(writeEnd);
  if (!outliveParent) {
    prctl(linuxConstants().PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
    if (getppid() !== parentPid) exitNow(FAILED);
  }
  const go = new Uint8Array(1);
  if (readBlocking(readEnd, go, 1) !== 1) exitNow(FAILED);
  closeSync(readEnd);
}

function becomeChild({ keptFds, inherited }: ChildPlan): void {
  markForkedChild();
  silenceDescriptors(inherited, keptFds);
  if (uvLoopFork(uvDefaultLoop()) !== 0) throw new Error('uv_loop_fork failed');
  Object.defineProperty(process, 'pid', { value: getpid(), writable: false, enumerable: true, configurable: true });
  forgetParentsListeners();
  forgetSharedRandomness();
  // Node's own way out waits for threads that the child does not have.
  Object.assign(process, { exitCode: undefined, reallyExit: (code?: number) => leave(code) });
  process.setUncaughtExceptionCaptureCallback(null);
  process.setUncaughtExceptionCaptureCallback(fail);
}

/** Also those of signals, which have their default action again. */
function forgetParentsListeners(): void {
  const nodesOwn: (string | symbol)[] = ['warning', 'newListener', 'removeListener'];
  for (const name of process.eventNames()) if (!nodesOwn.includes(name)) process.removeAllListeners(name);
}

/** Node keeps random bytes in stock, of which the child has a copy: uses them up. OpenSSL itself knows of the fork. */
function forgetSharedRandomness(): void {
  const { randomInt, randomUUID } = process.getBuiltinModule('node:crypto');
  for (let stock = 0; stock < 128; stock++) randomUUID();
  for (let stock = 0; stock < 1024; stock++) randomInt(2 ** 48 - 1);
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function';
}

function leaveWhenSettled(promise: PromiseLike<unknown>): void {
  promise.then(leave, fail);
  // Where nothing is left to do, Node would end by the way that waits for threads: so the loop is kept alive, and looked at.
  // It can be asked only between timers: while they run, none of them counts.
  const look = setInterval(() => {
    setImmediate(() => {
      look.unref();
      if (uvLoopAlive(uvDefaultLoop()) === 0) leave(UNSETTLED);
      look.ref();
    }).unref();
  }, LOOK_EVERY_MS);
}
