import { defineCall } from '../call.ts';
import { checked } from '../checked.ts';
import { platformConstants } from '../constants/select.ts';
import { nonNegativeOrErrorRetryEintr, zeroOrError } from '../decode-return.ts';

const close = defineCall({ name: 'close', returns: 'int', parameters: ['int'], decode: zeroOrError });
const dup2 = defineCall({
  name: 'dup2',
  returns: 'int',
  parameters: ['int', 'int'],
  decode: nonNegativeOrErrorRetryEintr,
});
const dup3 = defineCall({
  name: 'dup3',
  returns: 'int',
  parameters: ['int', 'int', 'int'],
  decode: nonNegativeOrErrorRetryEintr,
});
const pipe2 = defineCall({ name: 'pipe2', returns: 'int', parameters: ['pointer', 'int'], decode: zeroOrError });
const fcntl = defineCall({
  name: 'fcntl',
  returns: 'int',
  parameters: ['int', 'int'],
  variadic: ['int'],
  decode: nonNegativeOrErrorRetryEintr,
});

/** close(2), called once: after EINTR Linux has freed the number already. Errors of our own descriptors say nothing. */
export function closeDescriptor(fd: number): void {
  close(fd);
}

/** A pipe's read and write end, close-on-exec. */
export function createPipe(): [readEnd: number, writeEnd: number] {
  const ends = Buffer.alloc(8);
  checked(pipe2(ends, platformConstants().O_CLOEXEC), 'pipe2');
  return [ends.readInt32LE(0), ends.readInt32LE(4)];
}

/** A close-on-exec copy of `fd`, to be closed with {@link closeDescriptor}. */
export function duplicateDescriptor(fd: number): number {
  return checked(fcntl(fd, platformConstants().F_DUPFD_CLOEXEC, 0), 'fcntl');
}

/** Makes `target` another descriptor of what `fd` is open on, close-on-exec. The result, or the negative errno. */
export function duplicateOver(fd: number, target: number): number {
  const { O_CLOEXEC, F_SETFD, FD_CLOEXEC } = platformConstants();
  if (process.platform === 'linux') return dup3(fd, target, O_CLOEXEC);
  const result = dup2(fd, target);
  return result < 0 ? result : fcntl(target, F_SETFD, FD_CLOEXEC);
}
