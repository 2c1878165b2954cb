import { statSync } from 'node:fs';

import { captureConsole, type ConsoleCapture } from '@osx/journald/console';

/**
 * From here on the journal gets what the daemon says too, if `JOBD_JOURNAL` names the socket of one and there it is. What
 * journald does not take at once waits in memory; the daemon waits for nothing.
 */
export function tellJournal(socketPath = process.env['JOBD_JOURNAL']): ConsoleCapture | undefined {
  if (socketPath === undefined || statSync(socketPath, { throwIfNoEntry: false })?.isSocket() !== true)
    return undefined;
  return captureConsole({ socketPath, identifier: 'jobd', passThrough: true, callSite: true });
}
