import { signalNumber } from './internal/signal-number.ts';

/**
 * The number that a signal has on this platform.
 *
 * Takes a number, the same in digits, a name with or without `SIG` in either case, the second names that the platform's
 * headers have (`SIGIOT`, on Linux also `SIGCLD` and `SIGPOLL`), and real-time signals as `SIGRTMIN`, `SIGRTMIN+3`,
 * `SIGRTMAX-14`. Nothing else: no spaces, no `RTMIN3`, no `SIG15`. 0 stays 0, the signal that only probes.
 *
 * **Platform** Linux (tables compared with the headers on x64 and arm64), Darwin and FreeBSD (from their headers, not run);
 * elsewhere the signals of Node's `os.constants`.
 *
 * **Gotchas** 32 and 33 are refused: the C library keeps them for its threads. Real-time numbers are glibc's (`SIGRTMIN` is
 * 34); a program linked with musl has 35 there.
 *
 * @param value `'SIGTERM'`, `'term'`, `15`, `'15'`, `'SIGRTMIN+3'`.
 * @throws {TypeError} `ERR_INVALID_ARG_TYPE`, or `ERR_INVALID_ARG_VALUE` for a text that names no signal.
 * @throws {RangeError} `ERR_OUT_OF_RANGE` for a number that is no signal, and for `SIGRTMIN+31`.
 * @example
 * ```ts
 * import { parseSignal } from '@osx/signals';
 *
 * console.log(parseSignal('TERM'), parseSignal('SIGTERM')); // 15 15
 * ```
 * @see https://man7.org/linux/man-pages/man7/signal.7.html
 */
export function parseSignal(value: number | string): number {
  return signalNumber('signal', value);
}
