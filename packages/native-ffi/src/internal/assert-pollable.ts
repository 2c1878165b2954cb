import { defineCall } from '../call.ts';
import { checked } from '../checked.ts';
import { darwinConstants, linuxConstants } from '../constants/select.ts';
import { nonNegativeOrError, zeroOrError } from '../decode-return.ts';
import { defineStruct } from '../struct.ts';
import { closeDescriptor } from './descriptor-calls.ts';

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

/** The larger layout of struct epoll_event, arm64's; x86-64 reads only the first 12 bytes. All zero: no event wanted. */
const NO_EVENTS = new Uint8Array(16);

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
  const { EPOLL_CLOEXEC, EPOLL_CTL_ADD } = linuxConstants();
  const queue = checked(epollCreate1(EPOLL_CLOEXEC), 'epoll_create1');
  const result = epollCtl(queue, EPOLL_CTL_ADD, fd, NO_EVENTS);
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
