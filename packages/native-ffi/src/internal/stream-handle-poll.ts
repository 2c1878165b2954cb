import { UnsupportedError } from '@osx/errors';

import { closeDescriptor, createPipe, duplicateDescriptor } from './descriptor-calls.ts';
import type { MakePoll } from './event-loop-poll.ts';

/** The handle of libuv that a `net.Socket` of a pipe stands on. */
interface StreamHandle {
  open(fd: number): number | undefined;
  readStart(): number;
  onread: () => void;
  ref(): void;
  unref(): void;
  close(): void;
}

/**
 * A poll of Node's own handles, on Linux, without a callback of koffi: Node closes it at `terminate()`, and runs promise jobs
 * after its callback.
 *
 * A duplicate of the queue's descriptor is opened as if it were a pipe. When the queue becomes readable, libuv tries to
 * read from it, gets EINVAL, and reports an error to us: that is the wake-up. An error is the end of such a handle, so
 * each wake-up takes a new one (about 10 microseconds).
 */
export const streamHandlePoll: MakePoll = (queue, onReadable) => {
  const Handle = streamHandleClass();
  let isStarted = false;
  let isReferenced = true;
  let handle: StreamHandle | undefined;

  function arm(): void {
    if (handle !== undefined || !isStarted) return;
    handle = new Handle(0);
    handle.open(duplicateDescriptor(queue));
    handle.onread = () => {
      disarm();
      onReadable();
      arm();
    };
    if (!isReferenced) handle.unref();
    handle.readStart();
  }

  function disarm(): void {
    handle?.close();
    handle = undefined;
  }

  function stop(): void {
    isStarted = false;
    disarm();
  }

  return {
    start() {
      isStarted = true;
      arm();
    },
    stop,
    ref() {
      isReferenced = true;
      handle?.ref();
    },
    unref() {
      isReferenced = false;
      handle?.unref();
    },
    close: stop,
  };
};

let streamHandle: (new (type: number) => StreamHandle) | undefined;

/** Node has no public name for the class: it is taken from a socket. */
function streamHandleClass(): new (type: number) => StreamHandle {
  if (streamHandle !== undefined) return streamHandle;
  const { Socket } = process.getBuiltinModule('node:net');
  const [readEnd, writeEnd] = createPipe();
  const socket = new Socket({ fd: readEnd, readable: true, writable: false });
  const handle = (socket as typeof socket & { _handle?: StreamHandle })._handle;
  socket.destroy();
  closeDescriptor(writeEnd);
  if (process.platform !== 'linux' || typeof handle?.open !== 'function' || typeof handle.readStart !== 'function') {
    throw new UnsupportedError({ feature: 'waiting for descriptors in a Worker', requires: 'Node.js on Linux' });
  }
  streamHandle = handle.constructor as new (type: number) => StreamHandle;
  return streamHandle;
}
