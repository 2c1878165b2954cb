import { checkOptions, checkString } from '@osx/errors';

import { JournalWriter } from '../../journal-writer.ts';
import type { JournalWriterOptions } from '../../journal-writer-options.ts';
import type { PinoJournalOptions } from '../../pino-journal-options.ts';
import { checkRules } from './checked-rules.ts';
import { journalLineStreamClass } from './journal-line-stream.ts';
import type { JournalStream } from './journal-line-stream.ts';

const PINO_LABELS = { 10: 'trace', 20: 'debug', 30: 'info', 40: 'warn', 50: 'error', 60: 'fatal' };

/** A stream of its own writer. */
export function openLineStream(
  options: PinoJournalOptions | undefined,
  defaults: JournalWriterOptions & { queueLimit: number },
): JournalStream {
  const given = checkOptions('options', options);
  const { messageKey = 'msg', errorKey = 'err', queueLimit = defaults.queueLimit } = given;
  const rules = {
    ...checkRules(given),
    messageKey: checkString('options.messageKey', messageKey),
    errorKey: checkString('options.errorKey', errorKey),
    labels: PINO_LABELS,
    pid: process.pid,
    hostname: process.getBuiltinModule('node:os').hostname(),
  };
  const whenFull = given.whenFull ?? defaults.whenFull;
  const writer = new JournalWriter({
    ...given,
    queueLimit,
    whenFull,
    identifier: given.identifier === undefined ? defaults.identifier : given.identifier,
    callSite: false,
  });
  const JournalLineStream = journalLineStreamClass();
  return new JournalLineStream({ writer, waitAt: whenFull === 'wait' ? queueLimit : Infinity }, rules);
}
