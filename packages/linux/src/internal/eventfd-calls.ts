import { SystemError, UnsupportedError } from '@osx/errors';
import {
  checked,
  defineCall,
  linuxConstants,
  nonNegativeOrError,
  nonNegativeOrErrorRetryEintr,
  ownByNode,
} from '@osx/native-ffi';

import { EAGAIN, EINVAL, ENOSYS } from './errno-numbers.ts';
import { EFD_CLOEXEC, EFD_NONBLOCK, EFD_SEMAPHORE } from './eventfd-constants.ts';

const eventfd = defineCall({
  name: 'eventfd',
  returns: 'int',
  parameters: ['uint', 'int'],
  decode: nonNegativeOrError,
});

const read = defineCall({
  name: 'read',
  returns: 'ssize_t',
  parameters: ['int', 'pointer', 'size_t'],
  decode: nonNegativeOrErrorRetryEintr,
});

const write = defineCall({
  name: 'write',
  returns: 'ssize_t',
  parameters: ['int', 'pointer', 'size_t'],
  decode: nonNegativeOrErrorRetryEintr,
});

const fcntl = defineCall({
  name: 'fcntl',
  returns: 'int',
  parameters: ['int', 'int'],
  variadic: ['int'],
  decode: nonNegativeOrError,
});

/** The eight bytes of one read or write. */
const counter = Buffer.alloc(8);

/** A close-on-exec, non-blocking eventfd that Node owns. */
export function openEventfd(initial: number, isSemaphore: boolean): number {
  const syscall = 'eventfd2';
  const fd = eventfd(initial, EFD_CLOEXEC | EFD_NONBLOCK | (isSemaphore ? EFD_SEMAPHORE : 0));
  if (fd >= 0) return ownByNode(fd);
  if (fd === -ENOSYS) {
    throw new UnsupportedError({
      feature: 'eventfd',
      requires: 'Linux 2.6.27, and no seccomp filter against it',
      syscall,
    });
  }
  // The flags are known ones: the kernel lacks that of semaphores.
  if (fd === -EINVAL && isSemaphore) {
    throw new UnsupportedError({ feature: 'an eventfd as a semaphore', requires: 'Linux 2.6.30', syscall });
  }
  throw new SystemError({ errno: fd, syscall });
}

/** Takes the count, or 1 of it from a semaphore; null when it is 0. */
export function readEventfd(fd: number): bigint | null {
  const result = read(fd, counter, counter.length);
  if (result === -EAGAIN) return null;
  checked(result, 'read');
  return counter.readBigUInt64LE();
}

/** Adds to the count; false when that would be too much. */
export function writeEventfd(fd: number, value: bigint): boolean {
  counter.writeBigUInt64LE(value);
  const result = write(fd, counter, counter.length);
  if (result === -EAGAIN) return false;
  checked(result, 'write');
  return true;
}

/** A close-on-exec duplicate that nobody owns. */
export function duplicateUnowned(fd: number): number {
  return checked(fcntl(fd, linuxConstants().F_DUPFD_CLOEXEC, 0), 'fcntl');
}
