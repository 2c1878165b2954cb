import {
  checkAbortSignal,
  checkInteger64,
  checkOptions,
  checkTimeoutMs,
  SystemError,
  throwIfAborted,
} from '@osx/errors';

import type { EventFdWaitOptions } from '../eventfd/event-fd-options.ts';

const ALL_ONES = 2n ** 64n - 1n;

/** What can be added to an eventfd: 2^64 - 1 is EINVAL, as the kernel would say. */
export function checkAddend(name: string, value: bigint | number): bigint {
  const addend = checkInteger64(name, value, { min: 0, max: ALL_ONES });
  if (addend !== ALL_ONES) return addend;
  const message = `${name} is 2^64 - 1, which no eventfd can hold: 2^64 - 2 is the most`;
  throw new SystemError({ code: 'EINVAL', syscall: 'write', message });
}

export function checkWaitOptions(options: EventFdWaitOptions): EventFdWaitOptions {
  const { signal, timeoutMs } = checkOptions('options', options) as EventFdWaitOptions;
  throwIfAborted(checkAbortSignal('options.signal', signal));
  return { signal, timeoutMs: checkTimeoutMs('options.timeoutMs', timeoutMs) };
}
