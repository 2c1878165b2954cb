import { UnsupportedError } from '@osx/errors';
import { checked, defineSyscall, nonNegativeOrError } from '@osx/native-ffi';

import { EINVAL, ENOSYS } from './errno-numbers.ts';

/** Through syscall(2): libc's prctl returns an int, and PR_GET_TIMERSLACK a long. */
const withNumber = defineSyscall({
  number: 'SYS_prctl',
  parameters: ['int', 'ulong', 'ulong', 'ulong', 'ulong'],
  decode: nonNegativeOrError,
});

const withPointer = defineSyscall({
  number: 'SYS_prctl',
  parameters: ['int', 'pointer', 'ulong', 'ulong', 'ulong'],
  decode: nonNegativeOrError,
});

/** An operation of prctl(2), with what to say where the kernel does not have it. */
export interface PrctlOperation {
  readonly option: number;
  readonly feature: string;
  readonly requires: string;
}

/** `prctl(option, argument, 0, 0, 0)` with an argument that was checked before. */
export function prctl(operation: PrctlOperation, argument: number | bigint | Buffer = 0): number {
  const { option, feature, requires } = operation;
  const call = typeof argument === 'object' ? withPointer : withNumber;
  const result = call(option, argument, 0, 0, 0);
  if (result === -ENOSYS) {
    throw new UnsupportedError({ feature: 'prctl', requires: 'a system without a seccomp filter against it' });
  }
  // The argument is right, so it is the operation that the kernel does not know.
  if (result === -EINVAL) throw new UnsupportedError({ feature, requires, syscall: 'prctl' });
  return checked(result, 'prctl');
}

/** The int that an operation writes where its argument points. */
export function prctlInt(operation: PrctlOperation): number {
  const bytes = Buffer.alloc(4);
  prctl(operation, bytes);
  return bytes.readInt32LE(0);
}
