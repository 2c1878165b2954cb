import { openMemfd } from '../internal/open-memfd.ts';
import { MemFd } from './mem-fd.ts';
import type { MemfdCreateOptions } from './memfd-create-options.ts';

/**
 * Creates a file that has no path and lives in memory (`memfd_create`), until the last descriptor of it is closed.
 *
 * **Platform** Linux 3.17; options that need more say so. Works in Workers; the descriptor is closed when the Worker ends.
 *
 * **Gotchas** Its memory counts as this process's cgroup's, and swaps; a read of more than was written is zeros, not an error.
 *
 * @param name For `/proc/PID/fd` and `/proc/PID/maps`, where it stands as `memfd:name`; at most 249 **bytes**, no NUL;
 * it need not be unique.
 * @returns An owning, close-on-exec {@link MemFd}; close it.
 * @throws {SystemError} EMFILE, ENFILE, ENOMEM; EACCES where `vm.memfd_noexec` forbids executable ones; ENODEV for a huge page
 * size that this machine does not have; EPERM for huge pages without CAP_IPC_LOCK or the group of `vm.hugetlb_shm_group`.
 * @throws {UnsupportedError} `exec` before Linux 6.3; `hugetlb` on a kernel without it.
 *
 * @example
 * ```ts
 * import { spawnSync } from 'node:child_process';
 * import { memfdCreate } from '@osx/linux/memfd';
 *
 * using memfd = memfdCreate('input');
 * memfd.write('for the child');
 * const { stdout } = spawnSync('cat', { stdio: [memfd.fd, 'pipe', 'inherit'] });
 * console.log(stdout.toString()); // for the child
 * ```
 *
 * @see https://man7.org/linux/man-pages/man2/memfd_create.2.html
 */
export function memfdCreate(name: string | Buffer, options?: MemfdCreateOptions): MemFd {
  return new MemFd(openMemfd(name, options));
}
