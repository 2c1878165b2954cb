import fs from 'node:fs';

const statusHead = Buffer.alloc(256);

/**
 * The umask, read without changing it. Where there is no `/proc`, Node sets and restores it, which is a race with
 * other threads: nothing better exists there.
 *
 * @see https://man7.org/linux/man-pages/man2/umask.2.html
 */
export function currentUmask(): number {
  if (process.platform === 'linux') {
    try {
      const fd = fs.openSync('/proc/self/status', 0);
      try {
        const head = statusHead.toString('latin1', 0, fs.readSync(fd, statusHead, 0, statusHead.length, 0));
        const at = head.indexOf('\nUmask:\t');
        if (at >= 0) return parseInt(head.slice(at + 8, at + 12), 8);
      } finally {
        fs.closeSync(fd);
      }
    } catch {
      // No /proc.
    }
  }
  // oxlint-disable-next-line typescript/no-deprecated -- the race is the reason for all of the above
  return process.umask();
}
