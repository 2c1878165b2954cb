import { defineCall } from '../call.ts';
import { checked } from '../checked.ts';
import { darwinConstants, linuxConstants } from '../constants/select.ts';
import { nonNegativeOrError } from '../decode-return.ts';
import { defineStruct } from '../struct.ts';
import { closeDescriptor } from './descriptor-calls.ts';
import { createEpoll, EPOLL_EVENT_BYTES, epollControl } from './epoll-calls.ts';

const kqueue = defineCall({ name: 'kqueue', returns: 'int', parameters: [], decode: nonNegativeOrError });
const kevent = defineCall({
  name: 'kevent',
  returns: 'int',
  parameters: ['int', 'pointer', 'int', 'pointer', 'int', 'pointer'],
  decode: nonNegativeOrError,
});

const KEVENT = {
  size: 32,
  fields: {
    ident: ['u64', 0],
    filter: ['i16', 8],
    flags: ['u16', 10],
    fflags: ['u32', 12],
    data: ['i64', 16],
    udata: ['u64', 24],
  },
} as const;

export const keventStruct = defineStruct('kevent', { 'darwin-x64': KEVENT, 'darwin-arm64': KEVENT });

/**
 * Asks the kernel whether `fd` can be polled, in a queue of our own: a poll that libuv refuses ends the process.
 *
 * @throws {SystemError} `EPERM` for what has no readiness (regular files, directories, /dev/null), `EBADF`.
 */
export function assertPollable(fd: number): void {
  if (process.platform === 'linux') assertEpoll(fd);
  else assertKqueue(fd);
}

function assertEpoll(fd: number): void {
  const queue = checked(createEpoll(), 'epoll_create1');
  const result = epollControl(queue, linuxConstants().EPOLL_CTL_ADD, fd, Buffer.alloc(EPOLL_EVENT_BYTES));
  closeDescriptor(queue);
  checked(result, 'epoll_ctl');
}

function assertKqueue(fd: number): void {
  const { EVFILT_READ, EV_ADD } = darwinConstants();
  const queue = checked(kqueue(), 'kqueue');
  const change = keventStruct.pack({ ident: BigInt(fd), filter: EVFILT_READ, flags: EV_ADD });
  const result = kevent(queue, change, 1, null, 0, null);
  closeDescriptor(queue);
  checked(result, 'kevent');
}
