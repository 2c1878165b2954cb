import { loadNative } from '../library.ts';
import { UnsupportedError } from '@osx/errors';

export interface Readiness {
  readonly readable: boolean;
  readonly writable: boolean;
}

/**
 * The seam to a runtime's event loop. Another runtime, or Node's own `node:ffi`, needs only another maker of these.
 * A poll is made stopped, and is level-triggered: it calls back as long as the state lasts.
 */
export interface EventLoopPoll {
  start(events: Readiness): void;
  stop(): void;
  ref(): void;
  unref(): void;
  close(): void;
}

/** koffi calls back with a libuv status and the events; its type declaration leaves the status out. */
type OnPoll = (status: number, events: Readiness) => void;

/**
 * A poll of `fd` in Node's event loop: libuv's uv_poll, through koffi.
 *
 * `fd` must be pollable, open until `close()`, and polled by nobody else in this loop: koffi aborts the process
 * otherwise, since uv_poll_init then fails in a constructor.
 */
export function pollInEventLoop(fd: number, onReady: (ready: Readiness) => void): EventLoopPoll {
  const { koffi, canWatch } = loadNative();
  if (typeof koffi.node?.poll !== 'function' || !canWatch) {
    throw new UnsupportedError({
      feature: 'waiting for descriptors in the event loop',
      requires: 'Node.js or Deno, whose libuv koffi can reach',
    });
  }
  let wanted: Readiness = { readable: false, writable: false };
  let isOpen = true;
  // koffi holds the callback, and only its mention of the handle here keeps the handle from being collected while open:
  // a collected one ends its events without a word.
  const onPoll: OnPoll = (status, events) => {
    callBack(onReady, status === 0 ? events : wanted);
    if (status === 0) return;
    // libuv answers POLLERR with an error status and stops. The descriptor has an error to fetch: it is ready for that.
    if (isOpen && (wanted.readable || wanted.writable)) handle.start(wanted, onPoll as never);
  };
  const handle = koffi.node.poll(fd, { readable: true }, onPoll as never);
  handle.stop();
  const stop = (): void => handle.stop();
  stopAtExit(stop);

  return {
    start(events) {
      wanted = events;
      handle.start(events, onPoll as never);
    },
    stop() {
      wanted = { readable: false, writable: false };
      handle.stop();
    },
    ref: () => handle.ref(),
    unref: () => handle.unref(),
    close() {
      isOpen = false;
      stopsAtExit.delete(stop);
      if (stopsAtExit.size === 0) process.off('exit', stopAll);
      handle.close();
    },
  };
}

const stopsAtExit = new Set<() => void>();

/**
 * While a thread's environment is torn down libuv turns once more, and koffi calls back into JavaScript that cannot run
 * any more: the **process aborts** (napi_throw). So no poll is left armed when the thread ends by itself.
 */
function stopAtExit(stop: () => void): void {
  if (stopsAtExit.size === 0) process.once('exit', stopAll);
  stopsAtExit.add(stop);
}

function stopAll(): void {
  for (const stop of stopsAtExit) stop();
}

/** An exception that reaches koffi's frame would come up later, in an unrelated native call. */
function callBack(onReady: (ready: Readiness) => void, ready: Readiness): void {
  try {
    onReady(ready);
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}
