import { closeSync } from 'node:fs';

import { SystemError, UnsupportedError } from '@osx/errors';
import {
  defineCall,
  linuxConstants,
  nonNegativeOrError,
  nonNegativeOrErrorRetryEintr,
  ownByNode,
  zeroOrError,
} from '@osx/native-ffi';

import { epollEventStruct } from './epoll-event-struct.ts';
import { ENOSYS } from './errno-numbers.ts';

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

/** `epoll_wait(epfd, events, maxEvents, timeout)`: how many, or the negative errno. */
export const epollWait = defineCall({
  name: 'epoll_wait',
  returns: 'int',
  parameters: ['int', 'pointer', 'int', 'int'],
  decode: nonNegativeOrErrorRetryEintr,
});

/** `dup3(from, to, flags)`: `to`, or the negative errno. */
export const dup3 = defineCall({
  name: 'dup3',
  returns: 'int',
  parameters: ['int', 'int', 'int'],
  decode: nonNegativeOrErrorRetryEintr,
});

/** A close-on-exec epoll descriptor that Node owns. */
export function openEpollFd(): number {
  const syscall = 'epoll_create1';
  const fd = epollCreate1(linuxConstants().EPOLL_CLOEXEC);
  if (fd >= 0) return ownByNode(fd);
  if (fd !== -ENOSYS) throw new SystemError({ errno: fd, syscall });
  throw new UnsupportedError({ feature: 'epoll', requires: 'Linux 2.6.27, and no seccomp filter against it', syscall });
}

/** Runs with an epoll descriptor that is closed afterwards. */
export function withEpollFd<T>(run: (fd: number) => T): T {
  const fd = openEpollFd();
  try {
    return run(fd);
  } finally {
    closeSync(fd);
  }
}

/** EPOLL_CTL_ADD: 0, or the negative errno. */
export function addToEpoll(epoll: number, fd: number, events: number, token: number): number {
  return epollCtl(epoll, linuxConstants().EPOLL_CTL_ADD, fd, packed(events, token));
}

/** EPOLL_CTL_MOD: 0, or the negative errno. */
export function modifyInEpoll(epoll: number, fd: number, events: number, token: number): number {
  return epollCtl(epoll, linuxConstants().EPOLL_CTL_MOD, fd, packed(events, token));
}

/** EPOLL_CTL_DEL: 0, or the negative errno. */
export function removeFromEpoll(epoll: number, fd: number): number {
  return epollCtl(epoll, linuxConstants().EPOLL_CTL_DEL, fd, null);
}

function packed(events: number, token: number): Buffer {
  return epollEventStruct.pack({ events, data: BigInt(token) });
}
