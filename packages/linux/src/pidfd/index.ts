/**
 * Processes by pidfd: a pid is a number that is given away again, a pidfd is a process. Signals reach that process or
 * nobody, its exit wakes the event loop, and its identity can be stored.
 *
 * @module
 */
export { openIdentity } from './open-identity.ts';
export { openPidfd } from './open-pidfd.ts';
export type { OpenPidfdOptions } from './open-pidfd.ts';
export type { Pidfd } from './pidfd.ts';
export type { PidfdIdentity } from './pidfd-identity.ts';
export type { PidfdInfo } from './pidfd-info.ts';
export type { PidfdWaitOptions, SendSignalOptions } from './pidfd-options.ts';
export type { ProcessExit } from './process-exit.ts';
