import { epollQueue } from './epoll-queue.ts';
import { kqueueQueue } from './kqueue-queue.ts';

export interface Readiness {
  readonly readable: boolean;
  readonly writable: boolean;
}

/** A queue of the kernel that holds one descriptor, and is itself readable when that one is ready. */
export interface ReadinessQueue {
  readonly fd: number;
  /** What counts as ready from now on. */
  want(events: Readiness): void;
  /** What is ready now. An error or hang-up is readiness for what is wanted: the next read or write tells which. */
  ready(): Readiness;
  close(): void;
}

/**
 * A queue of our own for `fd`. libuv is never given the descriptor itself: uv_poll sets O_NONBLOCK on it, which hits
 * everyone who shares the open file description (a shell and its terminal), and koffi aborts the process when uv_poll
 * refuses it.
 *
 * @throws {SystemError} `EPERM` for what has no readiness (regular files, directories, /dev/null), `EBADF`, `EMFILE`.
 */
export function readinessQueue(fd: number): ReadinessQueue {
  return process.platform === 'linux' ? epollQueue(fd) : kqueueQueue(fd);
}
