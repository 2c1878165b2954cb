import { invalidArgValue, outOfRange } from '@osx/errors';

import { signalName, signalNumber } from './signal-number.ts';

/** glibc's numbers; a program linked with musl calls 35 SIGRTMIN. */
const SIGRTMIN = 34;
const SIGRTMAX = 64;
const REALTIME = /^SIG(?:(RTMIN)(?:\+(0|[1-9]\d?))?|(RTMAX)(?:-(0|[1-9]\d?))?)$/;

const NOT_BLOCKABLE = ['SIGKILL', 'SIGSTOP'];
const RAISED_BY_FAULTS = ['SIGILL', 'SIGTRAP', 'SIGBUS', 'SIGFPE', 'SIGSEGV', 'SIGSYS'];

/** The numbers of the signals that a signalfd is to receive, each once, in order. */
export function checkSignals(signals: unknown): number[] {
  const given: readonly unknown[] = Array.isArray(signals) ? signals : [signals];
  if (given.length === 0) throw invalidArgValue('signals', 'one signal or more', signals);
  return [...new Set(given.map(checkSignal))].toSorted((a, b) => a - b);
}

function checkSignal(signal: unknown): number {
  const number = realtimeNumber(signal) ?? signalNumber(signal as number | string);
  const name = signalfdName(number);
  if (number === 0) throw outOfRange('signals', 'signals, 1 to 64; 0 is none', signal);
  if (number > 31 && number < SIGRTMIN) {
    throw outOfRange('signals', `signals, 1 to 64; ${number} belongs to the threads of the C library`, signal);
  }
  if (NOT_BLOCKABLE.includes(name))
    throw invalidArgValue('signals', `without ${name}, which cannot be blocked`, signal);
  if (RAISED_BY_FAULTS.includes(name)) {
    throw invalidArgValue('signals', `without ${name}: blocked, a fault that raises it ends the process`, signal);
  }
  return number;
}

/** `SIGTERM`, `SIGRTMIN+3`. */
export function signalfdName(number: number): string {
  if (number === SIGRTMIN) return 'SIGRTMIN';
  if (number === SIGRTMAX) return 'SIGRTMAX';
  return number > SIGRTMIN ? `SIGRTMIN+${number - SIGRTMIN}` : signalName(number);
}

function realtimeNumber(signal: unknown): number | undefined {
  const match = typeof signal === 'string' ? REALTIME.exec(signal) : null;
  if (match === null) return undefined;
  const number = match[1] === undefined ? SIGRTMAX - Number(match[4] ?? 0) : SIGRTMIN + Number(match[2] ?? 0);
  if (number < SIGRTMIN || number > SIGRTMAX) {
    throw outOfRange('signals', `SIGRTMIN to SIGRTMIN+${SIGRTMAX - SIGRTMIN}, which is SIGRTMAX`, signal);
  }
  return number;
}
