import type { RecordInfo } from './pidfile-record.ts';

/** Options of `Pidfile.fromFd`. */
export interface AdoptPidfileOptions {
  /**
   * Whether programs that this process executes inherit the descriptor, and with it the lock. Default false: a lock that
   * escapes to a child outlives the daemon.
   */
  readonly inheritable?: boolean | undefined;
}

/** Options of `Pidfile.open`. */
export interface OpenPidfileOptions extends AdoptPidfileOptions {
  /** Create the file when it is missing. Default true. */
  readonly create?: boolean | undefined;
  /** Permissions of a file that is created, cut by the umask. Default 0o644. */
  readonly mode?: number | undefined;
}

/** Options of whatever waits. */
export interface PidfileWaitOptions {
  /** Ends the waiting: rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds to wait at most, then ETIMEDOUT. */
  readonly timeoutMs?: number | undefined;
}

/** Options of {@link acquirePidfile}. */
export interface AcquirePidfileOptions extends Omit<OpenPidfileOptions, 'create'>, PidfileWaitOptions {
  /** Additional data for the record, at most 3 KiB of JSON. */
  readonly info?: RecordInfo | undefined;
}

/** Options of `close()`. */
export interface ClosePidfileOptions {
  /** Leave the file where it is, whoever's record it holds. Default false. */
  readonly keep?: boolean | undefined;
}
