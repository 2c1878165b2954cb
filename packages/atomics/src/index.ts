/**
 * Files that are never wrong: atomic writes, swaps and updates that survive kill, full disk and power cut.
 *
 * @module
 */
export type { AtomicOptions, Durability, Preserved } from './atomic-options.ts';
export { writeFileAtomic, writeFileAtomicSync } from './write-file-atomic.ts';
export type { FileData, WriteFileAtomicOptions } from './write-file-atomic.ts';
