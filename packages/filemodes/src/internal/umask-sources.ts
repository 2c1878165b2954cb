import { closeSync, openSync, readSync } from 'node:fs';

import { asSystemError, SystemError } from '@osx/errors';

/** Holds the first two lines of the file: a name of at most 64 bytes, each of which may be escaped, and the umask. */
const HEAD_BYTES = 512;

/** The umask in a `/proc/PID/status`, or undefined where there is no such file or line (before Linux 4.7). */
export function umaskOfProc(path: string): number | undefined {
  let fd: number;
  try {
    fd = openSync(path, 'r');
  } catch {
    return undefined;
  }
  try {
    const head = Buffer.alloc(HEAD_BYTES);
    const text = head.toString('latin1', 0, readSync(fd, head, 0, HEAD_BYTES, 0));
    // A newline in the name is escaped, so no process can call itself this.
    const digits = /\nUmask:\t([0-7]{4})\n/.exec(text)?.[1];
    return digits === undefined ? undefined : Number.parseInt(digits, 8);
  } finally {
    closeSync(fd);
  }
}

/** The umask that a child of ours is born with, which is ours. */
export function umaskOfShell(): number {
  const { spawnSync } = process.getBuiltinModule('node:child_process');
  const { error, stdout } = spawnSync('/bin/sh', ['-c', 'umask'], {
    encoding: 'latin1',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  if (error !== undefined) throw asSystemError(error);
  const digits = /^0*([0-7]{1,3})\n$/.exec(stdout)?.[1];
  if (digits === undefined) {
    const message = `/bin/sh did not tell the umask: ${JSON.stringify(stdout.slice(0, 40))}`;
    throw new SystemError({ code: 'EPROTO', syscall: 'umask', message });
  }
  return Number.parseInt(digits, 8);
}
