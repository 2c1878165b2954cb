import { writeSync } from 'node:fs';

import { SystemError } from '@osx/errors';
import { checked } from '@osx/native-ffi';

import type { ForkEvent } from '../../fork-hook.ts';
import { currentPlace } from '../fork-depth-of.ts';
import { runAfterInParent, runBeforeFork, type ForkRound } from '../hook-registry.ts';
import { closePipe, listDescriptors, openPipe } from './descriptors.ts';
import { discardChild, ForkedProcess } from './forked-process.ts';
import { includeHeapInForks, lacksMemory } from './heap-mappings.ts';
import { liveAsChild, type ChildPlan } from './live-as-child.ts';
import { fork } from './native-calls.ts';
import { holdSignals, releaseSignals } from './signal-mask.ts';
import { hasNotRun, takeCensus, type Census } from './threads.ts';

/** What to fork for. */
export interface ForkPlan extends Pick<ChildPlan, 'run' | 'isAsync' | 'outliveParent' | 'keptFds'> {
  /** How long to block until all threads are at rest: they need a moment after they were woken. */
  readonly patienceMs: number;
}

/**
 * Forks here and now, with hooks.
 *
 * @returns The child, to the parent; in the child undefined when `run` is asynchronous, and otherwise never.
 * @throws {SystemError} EBUSY while threads are at work; EAGAIN, ENOMEM, EMFILE.
 * @throws {UnsupportedError} when there are threads that Node does not have by itself.
 */
export function forkNow(plan: ForkPlan): ForkedProcess | undefined {
  const deadline = performance.now() + plan.patienceMs;
  waitForQuiet(deadline);
  const event: ForkEvent = {
    kind: 'fork(2)',
    command: process.execPath,
    args: [],
    env: Object.freeze({ ...process.env }),
    options: {},
  };
  // The child finds out from what this process knows of itself that it is one deeper.
  currentPlace();
  const round = runBeforeFork(event);
  let child: ForkedProcess | undefined;
  try {
    child = forkSoundly(plan, round, deadline);
  } catch (error) {
    runAfterInParent(round, { error, unwound: false });
    throw error;
  }
  if (child !== undefined) runAfterInParent(round, { pid: child.pid, unwound: false });
  return child;
}

/** Forks until the copy is sound. */
function forkSoundly(plan: ForkPlan, round: ForkRound, deadline: number): ForkedProcess | undefined {
  const parentPid = process.pid;
  do {
    const census = waitForQuiet(deadline);
    const gate = openPipe();
    const inherited = listDescriptors();
    // A signal that came to the child now would be written into the pipe that wakes the parent's loop.
    const signalMask = holdSignals();
    let pid: number | undefined;
    try {
      includeHeapInForks();
      pid = fork();
      if (pid === 0) {
        liveAsChild({ ...plan, round, gate, inherited, signalMask, parentPid });
        return undefined;
      }
      releaseSignals(signalMask);
      const child = letLiveIfSound(checked(pid, 'fork'), census, gate.writeEnd);
      if (child !== undefined) return child;
    } finally {
      if (pid === undefined) releaseSignals(signalMask);
      if (pid !== 0) closePipe(gate);
    }
  } while (performance.now() < deadline);
  throw busy('one ran during each attempt');
}

/**
 * Looks at the child that was made whether it is sound: no other thread ran meanwhile, so that none holds a lock in it for
 * ever, and all of the heap is there. Until it is told, the child waits; a doubtful one is killed.
 */
function letLiveIfSound(pid: number, census: Census, writeEnd: number): ForkedProcess | undefined {
  let child: ForkedProcess | undefined;
  try {
    if (hasNotRun(census) && !lacksMemory(pid)) {
      child = new ForkedProcess(pid);
      writeSync(writeEnd, 'g');
    }
  } finally {
    if (child === undefined) discardChild(pid);
  }
  return child;
}

/**
 * Waits, blocking, until no other thread is at work.
 *
 * @throws {SystemError} EBUSY when it takes too long.
 */
function waitForQuiet(deadline: number): Census {
  for (;;) {
    const census = takeCensus();
    if (typeof census !== 'string') return census;
    if (performance.now() >= deadline) throw busy(census);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
  }
}

function busy(what: string): SystemError {
  return new SystemError({ code: 'EBUSY', syscall: 'fork', message: `a thread of this process is at work: ${what}` });
}
