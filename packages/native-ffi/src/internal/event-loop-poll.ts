import { isMainThread } from 'node:worker_threads';

import { koffiPoll } from './koffi-poll.ts';
import { streamHandlePoll } from './stream-handle-poll.ts';

export interface Readiness {
  readonly readable: boolean;
  readonly writable: boolean;
}

/**
 * The seam to a runtime's event loop. Another runtime, or Node's own `node:ffi`, needs only another maker of these.
 * A poll is made stopped, and is level-triggered: it calls back as long as the state lasts. An error or hang-up is
 * readiness in the directions that were asked for.
 */
export interface EventLoopPoll {
  start(events: Readiness): void;
  stop(): void;
  ref(): void;
  unref(): void;
  /** Called once; no callback comes afterwards. */
  close(): void;
}

export type MakePoll = (fd: number, onReady: (ready: Readiness) => void) => EventLoopPoll;

/**
 * A poll of `fd` in the event loop of this thread. `fd` must be pollable, and open until `close()`.
 *
 * Workers have a way of their own: a poll of koffi that is ready while its Worker is terminated aborts the process.
 */
export const pollInEventLoop: MakePoll = (fd, onReady) => {
  const callBack = (ready: Readiness): void => {
    try {
      onReady(ready);
    } catch (error) {
      // An exception that reaches koffi's frame would come up later, in an unrelated native call.
      queueMicrotask(() => {
        throw error;
      });
    }
  };
  return isMainThread ? koffiPoll(fd, callBack) : streamHandlePoll(fd, callBack);
};
