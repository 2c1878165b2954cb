/**
 * Pidfiles: exactly one instance runs, whoever asks finds its real process, and a signal never reaches a stranger that
 * took over the number.
 *
 * @module
 */
export { acquirePidfile } from './acquire-pidfile.ts';
export { isPidfileHeldError } from './is-pidfile-held-error.ts';
export type { PidfileHeldError } from './pidfile-held-error.ts';
export { pinPidfileOwner } from './pin-pidfile-owner.ts';
export type { PinnedProcess, ProcessExit } from './pinned-process.ts';
export { Pidfile } from './pidfile.ts';
export type {
  AcquirePidfileOptions,
  AdoptPidfileOptions,
  ClosePidfileOptions,
  OpenPidfileOptions,
  PidfileWaitOptions,
} from './pidfile-options.ts';
export type { PidfileRecord, RecordedIdentity, RecordInfo, RecordOrigin } from './pidfile-record.ts';
export { readPidfile } from './read-pidfile.ts';
export { withPidfile } from './with-pidfile.ts';
