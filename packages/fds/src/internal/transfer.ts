import { errnoNumber } from '@osx/errors';
import {
  defineCall,
  defineStruct,
  defineSyscall,
  linuxConstants,
  nonNegativeOrErrorRetryEintr,
  platformConstants,
} from '@osx/native-ffi';

import { addressOf } from './address-of.ts';
import { tryFcntl } from './fcntl.ts';
import type { Direction } from './readiness.ts';

const IOVEC = { size: 16, fields: { iov_base: ['u64', 0], iov_len: ['u64', 8] } } as const;
const iovec = defineStruct('iovec', { 'linux-x64': IOVEC, 'linux-arm64': IOVEC });

/** struct pollfd, the same on every system: int fd, short events, short revents. */
const pollfdBytes = Buffer.alloc(8);
const pollfd = new DataView(pollfdBytes.buffer, pollfdBytes.byteOffset, 8);

const decode = nonNegativeOrErrorRetryEintr;
const poll = defineCall({ name: 'poll', returns: 'int', parameters: ['pointer', 'ulong', 'int'], decode });
const plain = {
  read: defineCall({ name: 'read', returns: 'ssize_t', parameters: ['int', 'pointer', 'size_t'], decode }),
  write: defineCall({ name: 'write', returns: 'ssize_t', parameters: ['int', 'pointer', 'size_t'], decode }),
};
const vectorParameters = ['int', 'pointer', 'int', 'long', 'long', 'int'] as const;
const noWait = {
  read: defineSyscall({ number: 'SYS_preadv2', parameters: vectorParameters, decode }),
  write: defineSyscall({ number: 'SYS_pwritev2', parameters: vectorParameters, decode }),
};

/** The most that one call moves, so that a file or a device which is always ready cannot hold the event loop for long. */
const MOST_BYTES = 256 * 1024;
/** _POSIX_PIPE_BUF: what a descriptor that is ready for writing takes without waiting. */
const SAFE_BYTES = 512;

/**
 * One read(2) or write(2) that does not wait, whether the descriptor is in blocking mode or not: O_NONBLOCK belongs to
 * the open file description, which other processes may share, so it is never set here.
 *
 * @param isFile Of a regular file: it has no readiness, and a read that waits for the disk is bounded.
 * @returns Bytes moved, or the negative errno; -EAGAIN when it would wait.
 */
export function transferNow(fd: number, direction: Direction, bytes: Uint8Array, isFile: boolean): number {
  const most = bytes.byteLength > MOST_BYTES ? bytes.subarray(0, MOST_BYTES) : bytes;
  if (isFile) return plain[direction](fd, most, most.byteLength);

  const { F_GETFL, O_ACCMODE, O_NONBLOCK, O_RDONLY, O_WRONLY } = platformConstants();
  const flags = tryFcntl(fd, F_GETFL);
  if (flags < 0) return flags;
  // The wrong end of a pipe is never ready; read(2) and write(2) call it EBADF.
  if ((flags & O_ACCMODE) === (direction === 'read' ? O_WRONLY : O_RDONLY)) return -errno('EBADF');
  const ready = pollNow(fd, direction);
  if (ready < 0) return ready;
  if ((flags & O_NONBLOCK) !== 0) return plain[direction](fd, most, most.byteLength);

  const result = transferNoWait(fd, direction, most);
  if (result !== undefined) return result;
  const little = direction === 'write' && most.byteLength > SAFE_BYTES ? most.subarray(0, SAFE_BYTES) : most;
  return plain[direction](fd, little, little.byteLength);
}

/**
 * Asks first, for two kinds that read(2) itself answers wrongly: a descriptor in blocking mode, and a FIFO that has not
 * had its first writer, where read(2) says end of file and poll(2) says wait.
 */
function pollNow(fd: number, direction: Direction): number {
  const { POLLIN, POLLOUT, POLLNVAL } = platformConstants();
  pollfd.setInt32(0, fd, true);
  pollfd.setInt16(4, direction === 'read' ? POLLIN : POLLOUT, true);
  pollfd.setInt16(6, 0, true);
  const count = poll(pollfdBytes, 1, 0);
  if (count < 0) return count;
  if (count === 0) return -errno('EAGAIN');
  return (pollfd.getInt16(6, true) & POLLNVAL) !== 0 ? -errno('EBADF') : count;
}

/**
 * A call that alone does not wait (RWF_NOWAIT), on a descriptor in blocking mode: nobody who shares the descriptor can
 * take the bytes between our question and our read.
 *
 * @returns undefined where the kernel cannot: terminals and devices; pipes before Linux 6.4; other systems.
 */
function transferNoWait(fd: number, direction: Direction, bytes: Uint8Array): number | undefined {
  if (process.platform !== 'linux') return undefined;
  const vector = iovec.pack({ iov_base: addressOf(bytes), iov_len: BigInt(bytes.byteLength) });
  const result = noWait[direction](fd, vector, 1, -1, -1, linuxConstants().RWF_NOWAIT);
  return NOT_POSSIBLE.some((name) => result === -errno(name)) ? undefined : result;
}

const NOT_POSSIBLE = ['EOPNOTSUPP', 'ENOSYS', 'EINVAL'] as const;

const errnos = new Map<string, number>();

function errno(name: string): number {
  let number = errnos.get(name);
  if (number === undefined) {
    number = errnoNumber(name) as number;
    errnos.set(name, number);
  }
  return number;
}
