import { fstatSync } from 'node:fs';

import { checkFd, checkOptions, hasCode, withSystemErrors } from '@osx/errors';

/** What {@link isJournalStream} is told beside the descriptor. */
export interface JournalStreamOptions {
  /** Where `JOURNAL_STREAM` is looked up; default: `process.env`. */
  env?: Readonly<Record<string, string | undefined>> | undefined;
}

/**
 * Whether what is written to a descriptor goes to the journal line by line: systemd connected it, and it has not been
 * redirected since. Then structured entries can go there directly, by {@link sendJournal}.
 *
 * The variable `JOURNAL_STREAM`, which every child inherits, must name the device and inode of this very descriptor.
 *
 * @param fd Default: 2, standard error. A closed one is no stream.
 * @throws {TypeError|RangeError} for what is no descriptor number.
 * @example
 * ```ts
 * import { isJournalStream } from '@osx/journald';
 *
 * console.log(isJournalStream(2) ? 'to the journal' : 'to a terminal, a pipe or a file');
 * ```
 * @see https://www.freedesktop.org/software/systemd/man/latest/systemd.exec.html
 */
export function isJournalStream(fd: number = 2, options?: JournalStreamOptions): boolean {
  checkFd('fd', fd);
  const { env = process.env } = checkOptions('options', options);
  const named = /^(\d+):(\d+)$/.exec(env['JOURNAL_STREAM'] ?? '');
  if (named === null) return false;
  try {
    const { dev, ino } = withSystemErrors(() => fstatSync(fd, { bigint: true }));
    return dev === BigInt(named[1] as string) && ino === BigInt(named[2] as string);
  } catch (error) {
    if (hasCode(error, 'EBADF')) return false;
    throw error;
  }
}
