import { defineCall } from '../call.ts';
import { linuxConstants } from '../constants/select.ts';
import { nonNegativeOrError, nonNegativeOrErrorRetryEintr, zeroOrError } from '../decode-return.ts';

/**
 * Room for a struct epoll_event of any architecture: 12 bytes, packed, on x86-64, and 16 on arm64. The events are the first
 * four in both.
 */
export const EPOLL_EVENT_BYTES = 16;

const epollCreate1 = defineCall({
  name: 'epoll_create1',
  returns: 'int',
  parameters: ['int'],
  decode: nonNegativeOrError,
});
const epollCtl = defineCall({
  name: 'epoll_ctl',
  returns: 'int',
  parameters: ['int', 'int', 'int', 'pointer'],
  decode: zeroOrError,
});
const epollWait = defineCall({
  name: 'epoll_wait',
  returns: 'int',
  parameters: ['int', 'pointer', 'int', 'int'],
  decode: nonNegativeOrErrorRetryEintr,
});

/** A close-on-exec epoll queue, or the negative errno. */
export function createEpoll(): number {
  return epollCreate1(linuxConstants().EPOLL_CLOEXEC);
}

/** epoll_ctl(2): 0, or the negative errno. */
export function epollControl(queue: number, operation: number, fd: number, event: Uint8Array): number {
  return epollCtl(queue, operation, fd, event);
}

/** One event, without waiting: 1, 0, or the negative errno. */
export function epollWaitNow(queue: number, event: Uint8Array): number {
  return epollWait(queue, event, 1, 0);
}
