import { closeSync } from 'node:fs';

import { errnoNumber } from '@osx/errors';

import { defineCall } from '../call.ts';
import { checked } from '../checked.ts';
import { linuxConstants } from '../constants/select.ts';
import { nonNegativeOrError, nonNegativeOrErrorRetryEintr, zeroOrError } from '../decode-return.ts';
import { ownByNode } from '../own-by-node.ts';
import type { Readiness, ReadinessQueue } from './readiness-queue.ts';

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

/**
 * Room for a struct epoll_event of any architecture: 12 bytes, packed, on x86-64, and 16 on arm64. The events are the
 * first four in both.
 */
const EVENT_BYTES = 16;

export function epollQueue(fd: number): ReadinessQueue {
  const { EPOLL_CLOEXEC, EPOLL_CTL_ADD, EPOLL_CTL_MOD, EPOLLIN, EPOLLOUT, EPOLLERR, EPOLLHUP } = linuxConstants();
  const queue = ownByNode(checked(epollCreate1(EPOLL_CLOEXEC), 'epoll_create1'));
  const event = Buffer.alloc(EVENT_BYTES);
  try {
    checked(epollCtl(queue, EPOLL_CTL_ADD, fd, event), 'epoll_ctl');
    if (isEpoll(fd, queue)) assertLoopCanTake(queue);
  } catch (error) {
    closeSync(queue);
    throw error;
  }
  let wanted: Readiness = { readable: false, writable: false };

  return {
    fd: queue,
    want(events) {
      wanted = events;
      event.writeUInt32LE((events.readable ? EPOLLIN : 0) | (events.writable ? EPOLLOUT : 0));
      checked(epollCtl(queue, EPOLL_CTL_MOD, fd, event), 'epoll_ctl');
    },
    ready() {
      if (wanted.readable !== wanted.writable) return wanted; // the queue is readable, so it is that one
      const bits = epollWait(queue, event, 1, 0) > 0 ? event.readUInt32LE() : 0;
      const broken = (bits & (EPOLLERR | EPOLLHUP)) !== 0;
      return {
        readable: wanted.readable && (broken || (bits & EPOLLIN) !== 0),
        writable: wanted.writable && (broken || (bits & EPOLLOUT) !== 0),
      };
    },
    close: () => closeSync(queue),
  };
}

/** Asked to drop what it cannot have, an epoll says ENOENT, and every other descriptor EINVAL. */
function isEpoll(fd: number, queue: number): boolean {
  const { EPOLL_CTL_DEL } = linuxConstants();
  return epollCtl(fd, EPOLL_CTL_DEL, queue, null) !== -(errnoNumber('EINVAL', 'linux') ?? 0);
}

/**
 * The kernel lets epolls nest five deep (ELOOP). libuv adds the queue to its own epoll later, where a refusal ends the
 * process, so another epoll tries it first.
 */
function assertLoopCanTake(queue: number): void {
  const { EPOLL_CLOEXEC, EPOLL_CTL_ADD } = linuxConstants();
  const trial = ownByNode(checked(epollCreate1(EPOLL_CLOEXEC), 'epoll_create1'));
  try {
    checked(epollCtl(trial, EPOLL_CTL_ADD, queue, Buffer.alloc(EVENT_BYTES)), 'epoll_ctl');
  } finally {
    closeSync(trial);
  }
}
