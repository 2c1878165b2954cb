import { koffiPoll, koffiRunsPromiseJobs } from './koffi-poll.ts';
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

export const pollInEventLoop: MakePoll = (queue, onReadable) =>
  needsNodesOwnHandles() ? streamHandlePoll(queue, onReadable) : koffiPoll(queue, onReadable);

/**
 * In a Worker, because a poll of koffi that is ready while the Worker is terminated aborts the process. On the newest Node,
 * because what a callback resolves would be seen only after timers and immediates that came later.
 */
function needsNodesOwnHandles(): boolean {
  if (!process.getBuiltinModule('node:worker_threads').isMainThread) return true;
  return process.platform === 'linux' && !koffiRunsPromiseJobs();
}
