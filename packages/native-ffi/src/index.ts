/**
 * The native layer of @osx: libc without a compiler, exact errno, struct layouts per architecture, and descriptors that
 * wake Node's event loop. The only package that knows which FFI library is underneath.
 *
 * @packageDocumentation
 */
export { defineCall, definePointerCall } from './call.ts';
export type { CallDefinition, CType, NativeArgument, NativeCall, Pointer, PointerCallDefinition } from './call.ts';
export { checked } from './checked.ts';
export type { CallPaths } from './checked.ts';
export { toCString } from './c-string.ts';
export { darwinConstants, linuxConstants, linuxConstantsFor, platformConstants } from './constants/select.ts';
export type { DarwinConstants, LinuxConstants, PlatformConstants } from './constants/select.ts';
export { defineLibrary } from './define-library.ts';
export type { LibraryDefinition, NativeLibrary } from './define-library.ts';
export {
  nonNegativeOrError,
  nonNegativeOrErrorRetryEintr,
  nonNegativeOrNegativeErrno,
  pointerOrMinusOne,
  pointerOrNull,
  zeroOrError,
  zeroOrErrorRetryEintr,
} from './decode-return.ts';
export type { PointerDecoder, ReturnDecoder } from './decode-return.ts';
export { isNativeAvailable } from './library.ts';
export { ownByNode } from './own-by-node.ts';
export { copyMemory, freeMemory, takeCString } from './memory.ts';
export { retryNonblocking } from './retry-nonblocking.ts';
export type { RetryOptions } from './retry-nonblocking.ts';
export { defineStruct } from './struct.ts';
export type { FieldType, Struct, StructLayout } from './struct.ts';
export { defineSyscall } from './syscall.ts';
export type { SyscallDefinition } from './syscall.ts';
export { currentTarget } from './target.ts';
export type { Target } from './target.ts';
export { whenReadable, whenWritable } from './wait-for-fd.ts';
export type { WaitOptions } from './wait-for-fd.ts';
export { watchFd } from './watch-fd.ts';
export type { FdWatch, Readiness, WatchEvents } from './watch-fd.ts';
