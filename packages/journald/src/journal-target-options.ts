import type { PathLike } from '@osx/errors';

/** Where entries go, and what each gets. */
export interface JournalTargetOptions {
  /** The socket of another journald, or of a test; default: `/run/systemd/journal/socket`. */
  socketPath?: PathLike | undefined;
  /** The journald of this namespace: `/run/systemd/journal.NAMESPACE/socket`. */
  namespace?: string | undefined;
  /**
   * What happens when there is no journal socket. `true`: a syslog daemon gets the messages (`/dev/log`), and without one
   * standard error does, each line with `<N>` in front; asked first, when whoever it is goes away, and every second until the
   * journal is there. `false`: nobody gets them. Default: `true`, and `false` with a `socketPath` or `namespace`.
   */
  fallback?: boolean | undefined;
  /** The socket of the syslog daemon; default: `/dev/log`. */
  syslogPath?: PathLike | undefined;
  /** `SYSLOG_IDENTIFIER` of entries without one; default: the main script's name; `null`: none. */
  identifier?: string | null | undefined;
  /** Whether entries get `CODE_FILE`, `CODE_LINE` and `CODE_FUNC` of the line that sends them; default: false. */
  callSite?: boolean | undefined;
}
