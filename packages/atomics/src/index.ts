/**
 * Files that are never wrong: atomic writes, swaps and updates that survive kill, full disk and power cut.
 *
 * @module
 */
export type { AtomicOptions, Durability, Preserved } from './atomic-options.ts';
export { AtomicSwap } from './atomic-swap.ts';
export type { AtomicWriteStream } from './atomic-write-stream.ts';
export { beginAtomicSwap } from './begin-atomic-swap.ts';
export { createAtomicWriteStream } from './create-atomic-write-stream.ts';
export type { AtomicWriteStreamOptions } from './create-atomic-write-stream.ts';
export { exchangePaths, exchangePathsSync } from './exchange-paths.ts';
export type { RenameOptions } from './rename-options.ts';
export { renameNoReplace, renameNoReplaceSync } from './rename-no-replace.ts';
export { sweepTemporaries } from './sweep-temporaries.ts';
export type { KeptTemporary, SweepOptions, SweepResult } from './sweep-temporaries.ts';
export { updateFileAtomic } from './update-file-atomic.ts';
export type { UpdateFileAtomicOptions } from './update-file-atomic.ts';
export { writeFileAtomic, writeFileAtomicSync } from './write-file-atomic.ts';
export type { FileData, WriteFileAtomicOptions } from './write-file-atomic.ts';
