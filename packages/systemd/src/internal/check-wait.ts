import { checkAbortSignal, checkOptions, checkTimeoutMs } from '@osx/errors';
import type { WaitOptions } from '@osx/sockets';

export function checkWait(options: WaitOptions): WaitOptions {
  const { signal, timeoutMs } = checkOptions('options', options) as WaitOptions;
  return {
    signal: checkAbortSignal('options.signal', signal),
    timeoutMs: checkTimeoutMs('options.timeoutMs', timeoutMs),
  };
}
