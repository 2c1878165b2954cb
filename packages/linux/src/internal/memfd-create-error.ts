import { SystemError, UnsupportedError } from '@osx/errors';

import { EACCES, EINVAL, ENOSYS } from './errno-numbers.ts';
import { readSysctl } from './read-sysctl.ts';

const syscall = 'memfd_create';

/** The error of a failed memfd_create whose name was checked before. */
export function memfdCreateError(
  errno: number,
  { exec, hugetlb }: { exec: boolean | undefined; hugetlb: boolean },
): SystemError {
  if (errno === -ENOSYS) {
    return hugetlb
      ? new UnsupportedError({ feature: 'MFD_HUGETLB', requires: 'a kernel with CONFIG_HUGETLBFS', syscall })
      : new UnsupportedError({ feature: syscall, requires: 'Linux 3.17, and no seccomp filter against it' });
  }
  // Name and combination of flags are right: what is left is a kernel without one of the flags.
  if (errno === -EINVAL && exec !== undefined) {
    const feature = exec ? 'MFD_EXEC' : 'MFD_NOEXEC_SEAL';
    return new UnsupportedError({ feature, requires: 'Linux 6.3', syscall });
  }
  if (errno === -EINVAL && hugetlb) {
    return new UnsupportedError({
      feature: 'MFD_HUGETLB',
      requires: 'Linux 4.14, and 4.16 for a sealable one',
      syscall,
    });
  }
  if (errno === -EACCES) {
    const message = `executable memfds are forbidden (sysctl vm.memfd_noexec${readSysctl('vm.memfd_noexec')})`;
    return new SystemError({ errno, syscall, message });
  }
  return new SystemError({ errno, syscall });
}
