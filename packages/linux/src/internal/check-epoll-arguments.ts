import {
  checkAbortSignal,
  checkFd,
  checkInteger,
  checkInteger64,
  checkOptions,
  checkTimeoutMs,
  invalidArgValue,
} from '@osx/errors';

import * as constants from '../epoll/constants.ts';
import type { EpollAddOptions, EpollTarget, EpollWaitOptions } from '../epoll/epoll-options.ts';

const KNOWN_BITS = Object.values(constants).reduce((bits, bit) => bits | bit, 0);
const MAX_EVENTS = 2 ** 20;

/** The number of a descriptor, from whatever says it. */
export function checkTarget(target: EpollTarget): number {
  if (typeof target === 'object' && target !== null) {
    return checkFd('fd', 'number' in target ? target.number : target.fd);
  }
  return checkFd('fd', target);
}

/** The mask, unsigned. JavaScript's `|` with EPOLLET is negative; unknown bits the kernel would ignore without a word. */
export function checkEvents(events: number): number {
  checkInteger('events', events, { min: -(2 ** 31), max: 2 ** 32 - 1 });
  if ((events & ~KNOWN_BITS) !== 0) throw invalidArgValue('events', 'made of EPOLL* bits', events);
  return events >>> 0;
}

export function checkData(options: EpollAddOptions): bigint | undefined {
  const { data } = checkOptions('options', options) as EpollAddOptions;
  return data === undefined ? undefined : checkInteger64('options.data', data, { min: 0, max: 2n ** 64n - 1n });
}

export function checkWaitOptions(options: EpollWaitOptions): EpollWaitOptions & { maxEvents: number } {
  const { maxEvents = 64, signal, timeoutMs } = checkOptions('options', options) as EpollWaitOptions;
  return {
    maxEvents: checkInteger('options.maxEvents', maxEvents, { min: 1, max: MAX_EVENTS }),
    signal: checkAbortSignal('options.signal', signal),
    timeoutMs: checkTimeoutMs('options.timeoutMs', timeoutMs),
  };
}
