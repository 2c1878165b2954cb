import { SystemError } from '@osx/errors';

import type { PidfileHeldError } from '../pidfile-held-error.ts';

/** The error of a starter that was refused. @param waitedMs How long it waited; undefined when it did not. */
export function heldBy(
  path: string | Buffer,
  ownerPid: number | undefined,
  waitedMs: number | undefined,
): PidfileHeldError {
  const who = ownerPid === undefined ? 'another process' : `process ${ownerPid}`;
  const message = waitedMs === undefined ? `${who} has it` : `${who} has it, and did for ${waitedMs} ms`;
  const error = new SystemError({
    code: waitedMs === undefined ? 'EEXIST' : 'ETIMEDOUT',
    syscall: 'flock',
    path,
    message,
  });
  return Object.assign(error, { ownerPid });
}
