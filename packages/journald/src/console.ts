/**
 * The console in the journal.
 *
 * @module
 */
export { captureConsole } from './capture-console.ts';
export type { CaptureConsoleOptions, ConsoleCapture } from './capture-console.ts';
export { JournalConsole } from './journal-console.ts';
export type { JournalConsoleOptions } from './journal-console.ts';
export type { LoggerOptions } from './logger-options.ts';
