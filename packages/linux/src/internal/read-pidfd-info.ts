import { SystemError, UnsupportedError } from '@osx/errors';

import type { PidfdInfo } from '../pidfd/pidfd-info.ts';
import { EINVAL, ENOTTY, ESRCH } from './errno-numbers.ts';
import { ioctl } from './pidfd-calls.ts';
import { PIDFD_GET_INFO, PIDFD_INFO_CGROUPID, PIDFD_INFO_EXIT, PIDFD_INFO_PID } from './pidfd-constants.ts';
import { pidfdInfoStruct } from './pidfd-structs.ts';

type RawPidfdInfo = ReturnType<typeof pidfdInfoStruct.unpack>;

/**
 * What ioctl(PIDFD_GET_INFO) tells, exit status included; undefined when the process was reaped and the kernel does not
 * keep its status (before Linux 6.15). Look at `mask` for the fields that were filled.
 *
 * @throws {UnsupportedError} before Linux 6.13: ENOTTY, or EINVAL where the ioctls of pidfs take no argument.
 */
export function readPidfdInfo(fd: number): RawPidfdInfo | undefined {
  const bytes = pidfdInfoStruct.pack({ mask: PIDFD_INFO_EXIT });
  const result = ioctl(fd, PIDFD_GET_INFO, bytes);
  if (result >= 0) return pidfdInfoStruct.unpack(bytes);
  if (result === -ESRCH) return undefined;
  if (result === -ENOTTY || result === -EINVAL) {
    throw new UnsupportedError({ feature: 'PIDFD_GET_INFO', requires: 'Linux 6.13', syscall: 'ioctl' });
  }
  throw new SystemError({ errno: result, syscall: 'ioctl' });
}

/** {@link readPidfdInfo} in the words of the public interface; undefined when the process was reaped. */
export function pidfdInfo(fd: number): PidfdInfo | undefined {
  const info = readPidfdInfo(fd);
  if (info === undefined || (info.mask & PIDFD_INFO_PID) === 0n) return undefined;
  return {
    pid: info.pid,
    threadGroupId: info.tgid,
    parentPid: info.ppid,
    realUid: info.ruid,
    realGid: info.rgid,
    effectiveUid: info.euid,
    effectiveGid: info.egid,
    savedUid: info.suid,
    savedGid: info.sgid,
    filesystemUid: info.fsuid,
    filesystemGid: info.fsgid,
    cgroupId: (info.mask & PIDFD_INFO_CGROUPID) === 0n ? undefined : info.cgroupid,
  };
}
