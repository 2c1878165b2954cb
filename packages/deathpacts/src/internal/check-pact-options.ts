import {
  checkBoolean,
  checkFunction,
  checkInteger,
  checkOneOf,
  checkOptions,
  hasCode,
  invalidArgType,
  invalidArgValue,
  outOfRange,
} from '@osx/errors';
import { parseSignal, signalName } from '@osx/signals';

import type { Deathpact, DeathpactOptions } from '../deathpact.ts';

const DEFAULT_GRACE_MS = 5_000;
/** What Node's timers can wait at most. */
const LONGEST_MS = 2 ** 31 - 1;
const STOPS: readonly string[] = ['SIGSTOP', 'SIGTSTP', 'SIGTTIN', 'SIGTTOU'];
const DOES_NOTHING: readonly string[] = ['SIGCHLD', 'SIGCONT', 'SIGURG', 'SIGWINCH', 'SIGINFO'];

/** How to die, checked, with the defaults in. */
export interface DeathPlan {
  readonly signal: number;
  readonly graceMs: number;
  readonly escalation: number;
  readonly output: 'none' | 'stderr' | ((message: string) => void);
  readonly onDie: ((pact: Deathpact) => unknown) | undefined;
  readonly onError: ((error: unknown) => void) | undefined;
  readonly watch: boolean;
}

/** Checks what is common to all pacts. */
export function checkPactOptions(options: DeathpactOptions | undefined): DeathPlan {
  const {
    signal = 'SIGTERM',
    graceMs = DEFAULT_GRACE_MS,
    escalation = 'SIGKILL',
    output = 'none',
    onDie,
    onError,
    watch = true,
  } = checkOptions('options', options);
  return {
    signal: checkEndingSignal('options.signal', signal),
    graceMs: checkInteger('options.graceMs', graceMs, { min: 0, max: LONGEST_MS }),
    escalation: checkEndingSignal('options.escalation', escalation),
    output: typeof output === 'function' ? output : checkOneOf('options.output', output, ['none', 'stderr']),
    onDie: onDie === undefined ? undefined : checkFunction('options.onDie', onDie),
    onError: onError === undefined ? undefined : checkFunction('options.onError', onError),
    watch: checkBoolean('options.watch', watch),
  };
}

/** The number of a signal that ends a process which does nothing about it. */
export function checkEndingSignal(argument: string, value: number | string): number {
  const number = numberOf(argument, value);
  const name = number === 0 ? '' : signalName(number);
  if (name === '' || STOPS.includes(name) || DOES_NOTHING.includes(name)) {
    throw invalidArgValue(argument, 'a signal that ends a process by default', value);
  }
  return number;
}

function numberOf(argument: string, value: number | string): number {
  try {
    return parseSignal(value);
  } catch (error) {
    if (hasCode(error, 'ERR_OUT_OF_RANGE')) throw outOfRange(argument, 'the number of a signal', value);
    if (hasCode(error, 'ERR_INVALID_ARG_TYPE')) throw invalidArgType(argument, 'a signal number or name', value);
    throw invalidArgValue(argument, 'the name or number of a signal', value);
  }
}
