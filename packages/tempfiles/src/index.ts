/**
 * Temporary files and directories that are gone when their owner is, however it ended.
 *
 * @module
 */
export { defaultTemporaryDirectory } from './default-temporary-directory.ts';
export type { LinkOptions } from './link-options.ts';
export { makeTemporaryDirectory, makeTemporaryDirectorySync } from './make-temporary-directory.ts';
export { openSpooledFile } from './open-spooled-file.ts';
export type { SpooledFileOptions } from './open-spooled-file.ts';
export { openTemporaryFile, openTemporaryFileSync } from './open-temporary-file.ts';
export type { TemporaryFileOptions } from './open-temporary-file.ts';
export { removeAllTemporariesSync } from './remove-all-temporaries.ts';
export type { SaveOptions, SpooledFile, SpooledWriteOptions } from './spooled-file.ts';
export { sweepTemporaryFiles } from './sweep-temporary-files.ts';
export type { SweepOptions, SweepResult, UnsweptTemporary } from './sweep-temporary-files.ts';
export type { TemporaryDirectory } from './temporary-directory.ts';
export type { TemporaryFd } from './temporary-fd.ts';
export type { TemporaryFile } from './temporary-file.ts';
export type { TemporaryOptions } from './temporary-options.ts';
