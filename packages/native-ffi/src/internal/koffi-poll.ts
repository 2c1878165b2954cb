import { UnsupportedError } from '@osx/errors';

import { loadNative } from '../library.ts';
import type { MakePoll } from './event-loop-poll.ts';

const READABLE = { readable: true };

/**
 * Whether what koffi's callback resolves is seen at once. On Node 26 the callback ends without running promise jobs: they
 * would wait until something else wakes the loop, if need be for ever. 24 and 26 were run, 25 was not.
 */
export function koffiRunsPromiseJobs(): boolean {
  return Number.parseInt(process.versions.node, 10) < 25;
}

/** libuv's uv_poll through koffi, for the main thread. */
export const koffiPoll: MakePoll = (queue, onReadable) => {
  const { koffi } = loadNative();
  if (typeof koffi.node?.poll !== 'function') {
    throw new UnsupportedError({
      feature: 'waiting for descriptors in the event loop',
      requires: 'Node.js or Deno, whose libuv koffi can reach',
    });
  }
  // koffi holds the callback, and only its mention of the handle here keeps the handle from being collected while open:
  // a collected one ends its events without a word.
  const onPoll = (): void => {
    // An immediate has them run in this turn of the loop.
    if (lacksPromiseJobs && isOpen) setImmediate(runPromiseJobs);
    onReadable();
  };
  let isOpen = true;
  const lacksPromiseJobs = !koffiRunsPromiseJobs();
  const handle = koffi.node.poll(queue, READABLE, onPoll);
  handle.stop();
  const stopAtExit = (): void => handle.stop();
  addExitStop(stopAtExit);

  return {
    start: () => handle.start(READABLE, onPoll),
    stop: () => handle.stop(),
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
