import { checkAbortSignal, checkBoolean, checkInteger, checkOptions, checkTimeoutMs } from '@osx/errors';

import type { TryReceiveOptions } from '../message.ts';
import type { SocketType } from '../socket-type.ts';
import type { UnixSocketOptions } from '../unix-socket-options.ts';
import type { WaitOptions } from '../wait-options.ts';
import { MOST_FDS } from './control-messages.ts';
import type { ReceiveRequest } from './receive-now.ts';

export function checkSocketOptions(options: UnixSocketOptions): UnixSocketOptions {
  const checked = checkOptions('options', options) as UnixSocketOptions;
  const { passCredentials, sendBufferBytes, receiveBufferBytes } = checked;
  if (passCredentials !== undefined) checkBoolean('options.passCredentials', passCredentials);
  if (sendBufferBytes !== undefined) checkBufferBytes('options.sendBufferBytes', sendBufferBytes);
  if (receiveBufferBytes !== undefined) checkBufferBytes('options.receiveBufferBytes', receiveBufferBytes);
  return { passCredentials, sendBufferBytes, receiveBufferBytes };
}

export function checkBufferBytes(name: string, bytes: unknown): number {
  return checkInteger(name, bytes, { min: 1, max: 2 ** 30 });
}

export function checkWait(options: WaitOptions): WaitOptions {
  const { signal, timeoutMs } = checkOptions('options', options) as WaitOptions;
  return {
    signal: checkAbortSignal('options.signal', signal),
    timeoutMs: checkTimeoutMs('options.timeoutMs', timeoutMs),
  };
}

export function checkReceive(options: TryReceiveOptions, type: SocketType): ReceiveRequest {
  const { maxBytes, maxFds = 0 } = checkOptions('options', options) as TryReceiveOptions;
  return {
    type,
    maxBytes: maxBytes === undefined ? undefined : checkInteger('options.maxBytes', maxBytes, { min: 1, max: 2 ** 30 }),
    maxFds: checkInteger('options.maxFds', maxFds, { min: 0, max: MOST_FDS }),
  };
}
