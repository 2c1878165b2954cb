/**
 * A true fork(2) of a Node process, within stated bounds: a child with a copy-on-write copy of all memory, made in
 * milliseconds, hooks around it. An experiment: what it needs of V8, libuv and glibc is promised by none of them.
 *
 * @module
 */
export { canForkProcess, forkProcess, forkProcessSync } from './internal/true-fork/fork-process.ts';
export type { ForkedResult, ForkProcessOptions, ForkProcessSyncOptions } from './internal/true-fork/fork-process.ts';
export type { ForkedExit, ForkedProcess } from './internal/true-fork/forked-process.ts';
