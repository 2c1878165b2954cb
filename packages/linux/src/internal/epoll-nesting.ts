import { SystemError } from '@osx/errors';

import { addToEpoll, removeFromEpoll, withEpollFd } from './epoll-calls.ts';
import { EINVAL, ELOOP } from './errno-numbers.ts';

/**
 * Whether `fd`, which `holder` watches, is an epoll too. It is asked to drop its own holder, which it cannot have: ENOENT
 * from an epoll, EINVAL from everything else.
 */
export function isEpoll(fd: number, holder: number): boolean {
  return removeFromEpoll(fd, holder) !== -EINVAL;
}

/**
 * Throws ELOOP when an epoll has so many others inside it that the event loop cannot wait for it. The loop's own epoll and
 * a queue of native-ffi stand above it, and koffi and libuv end the process when the kernel (five levels) refuses them.
 */
export function assertEventLoopCanWait(epoll: number): void {
  withEpollFd((queue) => {
    assertAdded(addToEpoll(queue, epoll, 0, 0));
    withEpollFd((loop) => assertAdded(addToEpoll(loop, queue, 0, 0)));
  });
}

function assertAdded(result: number): void {
  if (result >= 0) return;
  const message = 'the event loop can wait for an epoll that has two levels of others inside, not more';
  throw new SystemError({ errno: result, syscall: 'epoll_ctl', ...(result === -ELOOP && { message }) });
}
