import type { FdLike } from '@osx/fds';
import type { UnixAddress, WaitOptions } from '@osx/sockets';

export interface NotifySyncOptions {
  /**
   * Where the manager listens, in place of `$NOTIFY_SOCKET`. Text that begins with `@` is an abstract name, as in the variable.
   */
  socketPath?: UnixAddress | undefined;
  /** Descriptors that the manager gets duplicates of; with `FDSTORE` or `MAINPIDFD`. They stay the caller's. */
  fds?: readonly FdLike[] | undefined;
  /** Sends in the name of this process, which takes CAP_SYS_ADMIN unless it is this one (`sd_pid_notify`). */
  pid?: number | undefined;
  /** Takes `NOTIFY_SOCKET` out of `process.env`, whatever comes of the call, so that later children do not have it. */
  unsetEnvironment?: boolean | undefined;
}

export interface NotifyOptions extends NotifySyncOptions, WaitOptions {}
