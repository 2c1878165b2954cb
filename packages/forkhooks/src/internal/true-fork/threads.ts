import { readdirSync, readFileSync } from 'node:fs';

import { hasCode } from '@osx/errors';
import { linuxConstants } from '@osx/native-ffi';

import { refuse } from './refuse.ts';

/** A thread of this process, other than the main one. */
interface Thread {
  readonly id: string;
  readonly name: string;
  /** How often it has left the processor: while the number stays, it has not run and slept again. */
  readonly switches: string;
}

/** A census of the other threads, taken so that a later look can prove that none of them ran in between. */
export interface Census {
  readonly threads: readonly Thread[];
}

/** Threads of Node's own besides those of libuv's pool: one of V8's platform, one that waits for SIGUSR1. */
const OTHER_THREADS = 2;
const POOL_THREAD = 'libuv-worker';
const SCHEDULER_THREAD = 'DelayedTaskSche';

/**
 * Looks at every thread but the main one.
 *
 * A thread that waits on a condition variable or a semaphore, or in its own epoll, holds no lock: that is how Node's
 * threads idle. First the counts are read and then the waits, in {@link hasNotRun} the other way round: what was seen
 * waiting both times, with one count, waited all the time between.
 *
 * @returns The census; or, when a thread is at work, what it does.
 * @throws {UnsupportedError} when there are threads that Node does not have by itself: Workers, those of addons, the inspector's.
 */
export function takeCensus(): Census | string {
  const threads = otherThreadIds().flatMap((id) => readThread(id) ?? []);
  assertOnlyNodesOwn(threads);
  const working = threads.map(whatItDoes).find((doing) => doing !== undefined);
  return working ?? { threads };
}

/** Whether no thread but the main one has run since the census, and none came or went. */
export function hasNotRun({ threads }: Census): boolean {
  const ids = otherThreadIds();
  if (ids.length !== threads.length) return false;
  if (threads.some((thread) => whatItDoes(thread) !== undefined)) return false;
  return threads.every((thread) => readThread(thread.id)?.switches === thread.switches);
}

function otherThreadIds(): string[] {
  const main = String(process.pid);
  return readdirSync('/proc/self/task').filter((id) => id !== main);
}

function readThread(id: string): Thread | undefined {
  const status = readThreadFile(id, 'status');
  if (status === undefined) return undefined;
  const name = /^Name:\t(.*)$/m.exec(status)?.[1] ?? '';
  const switches = status.slice(status.indexOf('voluntary_ctxt_switches'));
  return { id, name, switches };
}

function assertOnlyNodesOwn(threads: readonly Thread[]): void {
  const others = threads.filter(({ name }) => name !== POOL_THREAD && name !== SCHEDULER_THREAD);
  const schedulers = threads.filter(({ name }) => name === SCHEDULER_THREAD);
  const allowed = process.execArgv.includes('--disable-sigusr1') ? OTHER_THREADS - 1 : OTHER_THREADS;
  if (others.length <= allowed && schedulers.length <= 1) return;
  const names = threads.map(({ name }) => name).join(', ');
  throw refuse(
    "no threads but Node's own: no Worker, no inspector, no addon with threads",
    `a process with the threads ${names}`,
  );
}

/** undefined: it waits, and holds nothing. */
function whatItDoes({ id, name }: Thread): string | undefined {
  const call = readThreadFile(id, 'syscall');
  if (call === undefined) return `${name} (${id}) has ended`;
  const [number, , operation] = call.trim().split(' ').map(Number);
  const { SYS_futex, SYS_epoll_pwait, FUTEX_WAIT_BITSET, FUTEX_CLOCK_REALTIME, FUTEX_PRIVATE_FLAG } = linuxConstants();
  // A mutex is waited for by FUTEX_WAIT; only pthread_cond_wait(3) and sem_wait(3) use this one.
  const isFutexWait = ((operation as number) & ~(FUTEX_CLOCK_REALTIME | FUTEX_PRIVATE_FLAG)) === FUTEX_WAIT_BITSET;
  if (number === SYS_futex && isFutexWait) return undefined;
  if (number === SYS_epoll_pwait && name === SCHEDULER_THREAD) return undefined;
  return `${name} (${id}) ${call.startsWith('running') ? 'runs' : `is in system call ${number}`}`;
}

function readThreadFile(id: string, file: 'status' | 'syscall'): string | undefined {
  try {
    return readFileSync(`/proc/self/task/${id}/${file}`, 'latin1');
  } catch (cause) {
    if (hasCode(cause, 'ESRCH') || (hasCode(cause, 'ENOENT') && file === 'status')) return undefined;
    if (hasCode(cause, 'ENOENT') && !readdirSync('/proc/self/task').includes(id)) return undefined;
    throw refuse(`a kernel that shows /proc/self/task/*/${file}`, undefined, cause);
  }
}
