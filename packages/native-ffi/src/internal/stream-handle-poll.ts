import { closeSync } from 'node:fs';
import { Socket } from 'node:net';

import { UnsupportedError } from '@osx/errors';

import { checked } from '../checked.ts';
import { linuxConstants } from '../constants/select.ts';
import { ownByNode } from '../own-by-node.ts';
import { closeDescriptor, createPipe, duplicateDescriptor } from './descriptor-calls.ts';
import { createEpoll, epollControl, epollWaitNow, EPOLL_EVENT_BYTES } from './epoll-calls.ts';
import type { MakePoll, Readiness } from './event-loop-poll.ts';

/** The handle of libuv that a `net.Socket` of a pipe stands on. */
interface StreamHandle {
  open(fd: number): number | undefined;
  readStart(): number;
  onread: () => void;
  ref(): void;
  unref(): void;
  close(): void;
}

const NOTHING: Readiness = { readable: false, writable: false };

/**
 * A poll of Node's own handles, for Workers on Linux, without a callback of koffi: Node closes it at `terminate()`.
 *
 * `fd` is put into an epoll queue, and a duplicate of the queue's descriptor is opened as if it were a pipe. When the
 * queue becomes readable, libuv tries to read from it, gets EINVAL, and reports an error to us: that is the wake-up.
 * An error is the end of such a handle, so each wake-up takes a new one (about 10 microseconds).
 */
export const streamHandlePoll: MakePoll = (fd, onReady) => {
  const { EPOLL_CTL_ADD, EPOLL_CTL_MOD, EPOLLIN, EPOLLOUT, EPOLLERR, EPOLLHUP } = linuxConstants();
  const Handle = streamHandleClass();
  const queue = ownByNode(checked(createEpoll(), 'epoll_create1'));
  let wanted = NOTHING;
  let isReferenced = true;
  let isOpen = true;
  let handle: StreamHandle | undefined;
  control(EPOLL_CTL_ADD);

  function control(operation: number): void {
    const event = Buffer.alloc(EPOLL_EVENT_BYTES);
    event.writeUInt32LE((wanted.readable ? EPOLLIN : 0) | (wanted.writable ? EPOLLOUT : 0));
    checked(epollControl(queue, operation, fd, event), 'epoll_ctl');
  }

  function ready(): Readiness {
    const event = Buffer.alloc(EPOLL_EVENT_BYTES);
    if (epollWaitNow(queue, event) <= 0) return NOTHING;
    const events = event.readUInt32LE();
    const broken = (events & (EPOLLERR | EPOLLHUP)) !== 0;
    return {
      readable: wanted.readable && (broken || (events & EPOLLIN) !== 0),
      writable: wanted.writable && (broken || (events & EPOLLOUT) !== 0),
    };
  }

  function arm(): void {
    if (handle !== undefined || !isOpen || (!wanted.readable && !wanted.writable)) return;
    handle = new Handle(0);
    handle.open(duplicateDescriptor(queue));
    handle.onread = () => {
      disarm();
      const state = ready();
      if (state.readable || state.writable) onReady(state);
      arm();
    };
    if (!isReferenced) handle.unref();
    handle.readStart();
  }

  function disarm(): void {
    handle?.close();
    handle = undefined;
  }

  return {
    start(events) {
      wanted = events;
      control(EPOLL_CTL_MOD);
      arm();
    },
    stop() {
      wanted = NOTHING;
      disarm();
    },
    ref() {
      isReferenced = true;
      handle?.ref();
    },
    unref() {
      isReferenced = false;
      handle?.unref();
    },
    close() {
      isOpen = false;
      disarm();
      closeSync(queue);
    },
  };
};

let streamHandle: (new (type: number) => StreamHandle) | undefined;

/** Node has no public name for the class: it is taken from a socket. */
function streamHandleClass(): new (type: number) => StreamHandle {
  if (streamHandle !== undefined) return streamHandle;
  const [readEnd, writeEnd] = createPipe();
  const socket = new Socket({ fd: readEnd, readable: true, writable: false });
  const handle = (socket as Socket & { _handle?: StreamHandle })._handle;
  socket.destroy();
  closeDescriptor(writeEnd);
  if (typeof handle?.open !== 'function' || typeof handle.readStart !== 'function') {
    throw new UnsupportedError({ feature: 'waiting for descriptors in a Worker', requires: 'Node.js' });
  }
  streamHandle = handle.constructor as new (type: number) => StreamHandle;
  return streamHandle;
}
