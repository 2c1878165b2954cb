import { defineCall } from '../call.ts';
import { checked } from '../checked.ts';
import { platformConstants } from '../constants/select.ts';
import { nonNegativeOrErrorRetryEintr, zeroOrError } from '../decode-return.ts';

const close = defineCall({ name: 'close', returns: 'int', parameters: ['int'], decode: zeroOrError });
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

/** A private, close-on-exec copy of `fd`, to be closed with {@link closeDescriptor}. */
export function duplicateDescriptor(fd: number): number {
  return checked(fcntl(fd, platformConstants().F_DUPFD_CLOEXEC, 0), 'fcntl');
}
