/** True or 1 sends the field as `1`; false and undefined leave it out. */
type Flag = boolean | 1 | undefined;

/**
 * What sd_notify(3) knows, under its names. A version is the first systemd that reads the field; older ones ignore it.
 *
 * @see https://www.freedesktop.org/software/systemd/man/latest/sd_notify.html
 */
export interface NotifyFields {
  /** Start-up, or a reload, is finished. */
  READY?: Flag;
  /** A reload has begun; `READY` ends it. `MONOTONIC_USEC`, which `Type=notify-reload` wants, is added. */
  RELOADING?: Flag;
  STOPPING?: Flag;
  /** When the message was made, in microseconds of CLOCK_MONOTONIC. */
  MONOTONIC_USEC?: number | bigint | undefined;
  /** A line for `systemctl status`; empty clears it. */
  STATUS?: string | undefined;
  /** The errno of a failure, of either sign: Node's errors have it negative. */
  ERRNO?: number | undefined;
  /** The D-Bus name of a failure, `org.freedesktop.DBus.Error.TimedOut`. */
  BUSERROR?: string | undefined;
  /** The varlink name of a failure (257). */
  VARLINKERROR?: string | undefined;
  /** 0 to 255 (254). */
  EXIT_STATUS?: number | undefined;
  /** The service's main process from now on. */
  MAINPID?: number | undefined;
  /** The inode of a pidfd of `MAINPID`, so that a recycled pid is told apart (257). */
  MAINPIDFDID?: number | bigint | undefined;
  /** The one descriptor in `fds` is a pidfd of the main process (257). */
  MAINPIDFD?: Flag;
  /** True is the sign of life; `trigger` asks for what a missing one would bring. */
  WATCHDOG?: Flag | 'trigger';
  /** The watchdog's timeout from now on, in microseconds; 0 turns it off. */
  WATCHDOG_USEC?: number | bigint | undefined;
  /** Start-up, run time or stop may go on for so many microseconds from now. */
  EXTEND_TIMEOUT_USEC?: number | bigint | undefined;
  /** `fds` are kept for the next start of the service, which gets them by `listenFds`. */
  FDSTORE?: Flag;
  /** The name of `fds`, or of those to remove: up to 255 characters of printable ASCII without `:`. */
  FDNAME?: string | undefined;
  /** Forget the kept descriptors of `FDNAME`. */
  FDSTOREREMOVE?: Flag;
  /** False keeps `fds` even when they report a hang-up (246). */
  FDPOLL?: boolean | 0 | 1 | undefined;
  /** Who may notify from now on (254). */
  NOTIFYACCESS?: 'none' | 'main' | 'exec' | 'all' | undefined;
  /** Forget how often the service was restarted (258). */
  RESTART_RESET?: Flag;
  /** A field of one's own. */
  [custom: `X_${string}`]: string | number | bigint | undefined;
}
