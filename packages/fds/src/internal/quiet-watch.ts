import {
  checked,
  defineCall,
  defineStruct,
  linuxConstants,
  nonNegativeOrError,
  watchFd,
  zeroOrError,
  type WatchEvents,
} from '@osx/native-ffi';

import { closeNative } from '../close-native.ts';
import { isNonblocking, setNonblocking } from '../status-flags.ts';

/** A watch that leaves the mode of what it watches. It starts paused; a callback may be spurious. */
export interface QuietWatch {
  /** @throws {SystemError} when the number was closed or recycled. */
  listen(events: WatchEvents): void;
  pause(): void;
  close(): void;
}

const epollCreate1 = defineCall({
  name: 'epoll_create1',
  returns: 'int',
  parameters: ['int'],
  decode: nonNegativeOrError,
});
const epollCtl = defineCall({
  name: 'epoll_ctl',
  returns: 'int',
  parameters: ['int', 'int', 'int', 'pointer'],
  decode: zeroOrError,
});
const epollEvent = defineStruct('epoll_event', {
  'linux-x64': { size: 12, fields: { events: ['u32', 0], data: ['u64', 4] }, packed: true },
  'linux-arm64': { size: 16, fields: { events: ['u32', 0], data: ['u64', 8] } },
});

/**
 * Watches a descriptor without a change to its open file description.
 *
 * libuv's uv_poll sets O_NONBLOCK on what it is given: on a terminal or an inherited pipe that would hit the shell and
 * all others who share it. So libuv is given an epoll descriptor of our own, which is readable when `fd` is ready.
 *
 * @throws {SystemError} `EPERM` for what has no readiness; `EMFILE`.
 */
export function watchQuietly(fd: number, callback: () => void): QuietWatch {
  return process.platform === 'linux' ? watchThroughEpoll(fd, callback) : watchAndRestore(fd, callback);
}

function watchThroughEpoll(fd: number, callback: () => void): QuietWatch {
  const { EPOLL_CLOEXEC, EPOLL_CTL_ADD, EPOLL_CTL_MOD, EPOLLIN, EPOLLOUT } = linuxConstants();
  const queue = checked(epollCreate1(EPOLL_CLOEXEC), 'epoll_create1');
  try {
    checked(epollCtl(queue, EPOLL_CTL_ADD, fd, epollEvent.pack({})), 'epoll_ctl');
    const watch = watchFd(queue, {}, callback);
    return {
      listen({ readable, writable }) {
        const events = (readable ? EPOLLIN : 0) | (writable ? EPOLLOUT : 0);
        checked(epollCtl(queue, EPOLL_CTL_MOD, fd, epollEvent.pack({ events })), 'epoll_ctl');
        watch.update({ readable: true });
      },
      pause: () => watch.update({}),
      close() {
        watch.close();
        closeNative(queue);
      },
    };
  } catch (error) {
    closeNative(queue);
    throw error;
  }
}

/** The mode comes back at once; in between, others who share the description may see EAGAIN. */
function watchAndRestore(fd: number, callback: () => void): QuietWatch {
  const wasNonblocking = isNonblocking(fd);
  const watch = watchFd(fd, {}, callback);
  setNonblocking(fd, wasNonblocking);
  return { listen: (events) => watch.update(events), pause: () => watch.update({}), close: () => watch.close() };
}
