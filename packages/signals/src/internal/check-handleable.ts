import { invalidArgValue, UnsupportedError } from '@osx/errors';

import { checkSignals } from './check-signals.ts';
import { isRealtimeSignal } from './disposition.ts';
import { signalHandleClass } from './signal-handle.ts';
import { nameOf } from './signal-names.ts';

const RUNS_FAULT_AGAIN =
  'another signal: after its handler has returned, the instruction that failed runs again, for ever, and no JavaScript runs in between';
const KERNEL_REFUSES = 'another signal: the kernel lets nobody handle this one';

/** Why no program in JavaScript can handle a signal, as what an argument must be instead. */
const REFUSED: Readonly<Record<string, string>> = {
  SIGKILL: KERNEL_REFUSES,
  SIGSTOP: KERNEL_REFUSES,
  SIGSEGV: RUNS_FAULT_AGAIN,
  SIGBUS: RUNS_FAULT_AGAIN,
  SIGFPE: RUNS_FAULT_AGAIN,
  SIGILL: RUNS_FAULT_AGAIN,
  SIGTRAP: 'another signal: V8 ends the process by this one when it finds itself broken, and would go on instead',
  SIGSYS: 'another signal: a system call that a filter forbids would seem to have succeeded, with a made-up result',
};

/**
 * The numbers of one signal or a list of them, each once, known to be such as this thread can handle.
 *
 * @throws what parseSignal throws; `ERR_INVALID_ARG_VALUE` for an empty list and for what nobody can handle;
 *   UnsupportedError in a Worker and for what Node cannot receive.
 */
export function checkHandleable(argument: string, value: unknown): number[] {
  const numbers = checkSignals(argument, value);
  if (numbers.length === 0) throw invalidArgValue(argument, 'at least one signal', value);
  for (const number of numbers) checkNotRefused(argument, number);
  checkMainThread();
  for (const number of numbers) checkReceivable(number);
  return numbers;
}

function checkNotRefused(argument: string, number: number): void {
  const name = nameOf(number);
  const expected = Object.hasOwn(REFUSED, name) ? REFUSED[name] : undefined;
  if (expected !== undefined) throw invalidArgValue(argument, expected, name);
}

function checkMainThread(): void {
  if (process.getBuiltinModule('node:worker_threads').isMainThread) return;
  throw new UnsupportedError({
    feature: 'handling signals',
    platform: 'Workers',
    requires: 'the main thread: Node brings no signal to a Worker, and says nothing',
    syscall: 'sigaction',
  });
}

function checkReceivable(number: number): void {
  if (isRealtimeSignal(number)) return void signalHandleClass();
  const name = nameOf(number);
  const requires = whatNodeLacks(name);
  if (requires === undefined) return;
  throw new UnsupportedError({ feature: `handling ${name}`, requires, syscall: 'sigaction' });
}

function whatNodeLacks(name: string): string | undefined {
  if (!Object.hasOwn(process.getBuiltinModule('node:os').constants.signals, name)) return 'a signal that Node knows';
  // Node warns and does not listen. `inspector` is loaded with the question: Node may be built without it.
  const isReserved = name === 'SIGPROF' && process.features.inspector && isDebugged();
  return isReserved ? 'a process that is not being debugged: its profiler takes SIGPROF' : undefined;
}

function isDebugged(): boolean {
  return process.getBuiltinModule('node:inspector').url() !== undefined;
}
