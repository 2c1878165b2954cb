import { isUnsupportedError } from '@osx/errors';
import { checked, linuxConstants } from '@osx/native-ffi';

import type { ProcessExit } from '../pidfd/process-exit.ts';
import { decodeSiginfo, decodeWaitStatus } from './decode-exit.ts';
import { ECHILD } from './errno-numbers.ts';
import { poll, waitid } from './pidfd-calls.ts';
import { PIDFD_INFO_EXIT, POLLIN } from './pidfd-constants.ts';
import { pollfdStruct, siginfoStruct } from './pidfd-structs.ts';
import { readPidfdInfo } from './read-pidfd-info.ts';

/** Whether the task behind a pidfd has exited; a zombie has. */
export function hasExited(fd: number): boolean {
  return checked(poll(pollfdStruct.pack({ fd, events: POLLIN }), 1, 0), 'poll') > 0;
}

/**
 * Waits for a child of this process without blocking.
 *
 * @returns How it ended; undefined while it runs; `'not-a-child'` for another's process, or one that was reaped.
 */
function waitOwnChild(fd: number, flags: number): ProcessExit | undefined | 'not-a-child' {
  const { P_PIDFD, WEXITED, WNOHANG } = linuxConstants();
  const siginfo = Buffer.alloc(siginfoStruct.size());
  const result = waitid(P_PIDFD, fd, siginfo, WEXITED | WNOHANG | flags);
  if (result === -ECHILD) return 'not-a-child';
  checked(result, 'waitid');
  const { si_pid, si_code, si_status } = siginfoStruct.unpack(siginfo);
  return si_pid === 0 ? undefined : decodeSiginfo(si_code, si_status);
}

/** As {@link waitOwnChild}, and leaves the zombie for its owner: libuv reaps the children of node:child_process. */
function peekOwnChild(fd: number): ProcessExit | undefined | 'not-a-child' {
  return waitOwnChild(fd, linuxConstants().WNOWAIT);
}

/** As {@link waitOwnChild}, and takes the zombie away. */
export function reapOwnChild(fd: number): ProcessExit | undefined | 'not-a-child' {
  return waitOwnChild(fd, 0);
}

/**
 * How a task ended, from whoever knows: wait(2) for an own child that was not reaped, the pidfd itself (Linux 6.15) for
 * any that was.
 *
 * @returns undefined while nobody knows.
 */
export function exitOfTask(fd: number): ProcessExit | undefined {
  const peeked = peekOwnChild(fd);
  return peeked === 'not-a-child' ? exitOfReaped(fd) : peeked;
}

function exitOfReaped(fd: number): ProcessExit | undefined {
  try {
    const info = readPidfdInfo(fd);
    const isKnown = info !== undefined && (info.mask & PIDFD_INFO_EXIT) !== 0n;
    return isKnown ? decodeWaitStatus(info.exit_code) : undefined;
  } catch (error) {
    if (isUnsupportedError(error)) return undefined;
    throw error;
  }
}
