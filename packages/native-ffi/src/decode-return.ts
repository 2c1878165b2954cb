/**
 * How a C function tells failure from success. Every binding states its convention by the decoder that it picks;
 * nothing else in the project looks at a raw return value.
 */
export interface ReturnDecoder {
  readonly isFailure: (value: number) => boolean;
  /** Call again when a signal interrupted the call. Never for close(2): Linux has freed the number already. */
  readonly retryOnEintr: boolean;
  /** The failure is the value itself, a negative errno; C's errno says nothing. */
  readonly returnsErrno?: boolean;
}

const notZero = (value: number): boolean => value !== 0;
const negative = (value: number): boolean => value < 0;

/** 0, or -1 with errno: close, epoll_ctl, flock. */
export const zeroOrError: ReturnDecoder = { isFailure: notZero, retryOnEintr: false };
/** As {@link zeroOrError}, called again on EINTR. */
export const zeroOrErrorRetryEintr: ReturnDecoder = { isFailure: notZero, retryOnEintr: true };
/** A count or descriptor, or -1 with errno: open, fcntl, read. */
export const nonNegativeOrError: ReturnDecoder = { isFailure: negative, retryOnEintr: false };
/** As {@link nonNegativeOrError}, called again on EINTR. */
export const nonNegativeOrErrorRetryEintr: ReturnDecoder = { isFailure: negative, retryOnEintr: true };
/** A count, or the negative errno itself, as libsystemd has it: sd_journal_next, sd_notify. */
export const nonNegativeOrNegativeErrno: ReturnDecoder = {
  isFailure: negative,
  retryOnEintr: false,
  returnsErrno: true,
};

/** How a function that returns an address says that it failed: with NULL, or with (void *)-1 as mmap(2) does. */
export interface PointerDecoder {
  readonly isFailure: (address: bigint) => boolean;
}

const ALL_ONES = 0xffff_ffff_ffff_ffffn;

/** An address, or NULL with errno: getcwd, fopen. */
export const pointerOrNull: PointerDecoder = { isFailure: (address) => address === 0n };
/** An address, or (void *)-1 with errno: mmap. */
export const pointerOrMinusOne: PointerDecoder = { isFailure: (address) => BigInt.asUintN(64, address) === ALL_ONES };
