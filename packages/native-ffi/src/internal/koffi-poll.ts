import { UnsupportedError } from '@osx/errors';

import { loadNative } from '../library.ts';
import type { MakePoll, Readiness } from './event-loop-poll.ts';

/** koffi calls back with a libuv status and the events; its type declaration leaves the status out. */
type OnPoll = (status: number, events: Readiness) => void;

/** libuv's uv_poll through koffi, for the main thread. `fd` must be polled by nobody else, or koffi aborts the process. */
export const koffiPoll: MakePoll = (fd, onReady) => {
  const { koffi } = loadNative();
  if (typeof koffi.node?.poll !== 'function') {
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
    // On Node 26 koffi's callback ends without running promise jobs: what `onReady` resolves would wait until something
    // else wakes the loop, if need be for ever. An immediate runs them in this turn.
    setImmediate(runPromiseJobs);
    onReady(status === 0 ? events : wanted);
    if (status === 0) return;
    // libuv answers POLLERR with an error status and stops. The descriptor has an error to fetch: it is ready for that.
    if (isOpen && (wanted.readable || wanted.writable)) handle.start(wanted, onPoll as never);
  };
  const handle = koffi.node.poll(fd, { readable: true }, onPoll as never);
  handle.stop();
  const stopAtExit = (): void => handle.stop();
  addExitStop(stopAtExit);

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
      removeExitStop(stopAtExit);
      handle.close();
    },
  };
};

function runPromiseJobs(): void {}

const exitStops = new Set<() => void>();

/**
 * While the environment is torn down libuv turns once more, and koffi calls back into JavaScript that cannot run any more:
 * the process aborts (napi_throw). So no poll is left armed when the thread ends.
 */
function addExitStop(stop: () => void): void {
  if (exitStops.size === 0) process.once('exit', stopAll);
  exitStops.add(stop);
}

function removeExitStop(stop: () => void): void {
  exitStops.delete(stop);
  if (exitStops.size === 0) process.off('exit', stopAll);
}

function stopAll(): void {
  for (const stop of exitStops) stop();
}
