/**
 * File descriptors as values: owned and closed once, duplicated, flagged, read and written in the event loop without a
 * pool thread, handed to children and streams.
 *
 * @packageDocumentation
 */
export { closeNative } from './close-native.ts';
export { duplicate } from './duplicate.ts';
export { Fd } from './fd.ts';
export type { AdoptOptions } from './fd.ts';
export { getFdFlags, isCloseOnExec, setCloseOnExec, setFdFlags } from './fd-flags.ts';
export type { FdLike } from './fd-like.ts';
export type { FdOrigin } from './internal/close-number.ts';
export type { DuplicateOptions } from './internal/duplicate-number.ts';
export type { StreamOptions } from './internal/streams-from.ts';
export type { ChunkOptions, TransferOptions, WriteOptions } from './internal/transfer-options.ts';
export { isOpen } from './is-open.ts';
export { open } from './open.ts';
export type { OpenOptions } from './open.ts';
export { pipe } from './pipe.ts';
export type { Pipe, PipeOptions } from './pipe.ts';
export { getPipeSize, setPipeSize } from './pipe-size.ts';
export { readFd } from './read-fd.ts';
export { getStatusFlags, isNonblocking, setNonblocking, setStatusFlags } from './status-flags.ts';
export { writeFd } from './write-fd.ts';
