/**
 * Signals as records that are read, with sender and value; and a refusal where that would lose the process.
 *
 * @module
 */
export { SignalFd } from './signal-fd.ts';
export type { SignalEventsOptions, SignalFdOptions, SignalReadOptions } from './signal-fd-options.ts';
export type { SignalInfo } from './signal-info.ts';
