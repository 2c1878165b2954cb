import { koffiPoll } from './koffi-poll.ts';
import { streamHandlePoll } from './stream-handle-poll.ts';

/**
 * The seam to a runtime's event loop: calls back, level-triggered, as long as a queue of the kernel is readable. Another
 * runtime, or Node's own `node:ffi`, needs only another maker of these. It is made stopped.
 */
export interface EventLoopPoll {
  start(): void;
  stop(): void;
  ref(): void;
  unref(): void;
  /** Called once; no callback comes afterwards. */
  close(): void;
}

/** @param queue An epoll or kqueue descriptor that nobody else polls, open until `close()`. */
export type MakePoll = (queue: number, onReadable: () => void) => EventLoopPoll;

/** Workers have a way of their own: a poll of koffi that is ready while its Worker is terminated aborts the process. */
export const pollInEventLoop: MakePoll = (queue, onReadable) =>
  process.getBuiltinModule('node:worker_threads').isMainThread
    ? koffiPoll(queue, onReadable)
    : streamHandlePoll(queue, onReadable);
