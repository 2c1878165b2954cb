import { defineCall, type CType, type NativeCall } from './call.ts';
import { linuxConstants, type LinuxConstants } from './constants/select.ts';
import type { ReturnDecoder } from './decode-return.ts';

export interface SyscallDefinition {
  /** The constant that holds the call's number on this architecture, `SYS_pidfd_open`. */
  readonly number: Extract<keyof LinuxConstants, `SYS_${string}`>;
  readonly parameters: readonly CType[];
  readonly decode: ReturnDecoder;
}

/**
 * A Linux system call that libc has no wrapper for, or not everywhere, through syscall(2).
 *
 * **Platform**: Linux x64 and arm64. Returns the value or the negative errno, as {@link defineCall} does.
 *
 * @throws {UnsupportedError} `ENOTSUP` at the first call elsewhere.
 * @see https://man7.org/linux/man-pages/man2/syscall.2.html
 */
export function defineSyscall(definition: SyscallDefinition): NativeCall {
  const syscall = defineCall({
    name: 'syscall',
    returns: 'long',
    parameters: ['long'],
    variadic: definition.parameters,
    decode: definition.decode,
  });
  let number: number | undefined;
  return (...args) => {
    number ??= linuxConstants()[definition.number];
    return syscall(number, ...args);
  };
}
