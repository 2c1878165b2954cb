/**
 * System errors with every errno of the platform, one way to recognise them, and the checks of arguments that come
 * before any system call.
 *
 * @module
 */
export { abortReason, throwIfAborted } from './abort-reason.ts';
export { asSystemError } from './as-system-error.ts';
export { checkAbortSignal } from './check-abort-signal.ts';
export { checkBoolean } from './check-boolean.ts';
export { checkFd } from './check-fd.ts';
export { checkFunction } from './check-function.ts';
export { checkInteger64 } from './check-integer-64.ts';
export { checkInteger } from './check-integer.ts';
export { checkOneOf } from './check-one-of.ts';
export { checkOptions } from './check-options.ts';
export { checkPath } from './check-path.ts';
export { checkString } from './check-string.ts';
export { checkTimeoutMs } from './check-timeout-ms.ts';
export { errnoName } from './errno-name.ts';
export { errnoNumber } from './errno-number.ts';
export { hasCode } from './has-code.ts';
export { invalidArgType } from './invalid-arg-type.ts';
export { invalidArgValue } from './invalid-arg-value.ts';
export { isSystemError } from './is-system-error.ts';
export { isUnsupportedError } from './is-unsupported-error.ts';
export { outOfRange } from './out-of-range.ts';
export type { PathLike } from './path-like.ts';
export { strerror } from './strerror.ts';
export { SystemError, type SystemErrorOptions } from './system-error.ts';
export { toBytes } from './to-bytes.ts';
export { UnsupportedError, type UnsupportedErrorOptions } from './unsupported-error.ts';
export { withSystemErrors } from './with-system-errors.ts';
